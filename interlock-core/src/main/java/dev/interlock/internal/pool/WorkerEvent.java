package dev.interlock.internal.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For Flight Recorder: a worker came or went. Public, as the recorder wants it. */
@Name("dev.interlock.PoolWorker")
@Label("Pool Worker")
@Description("A worker of a pool is ready, or has ended")
@Category("Interlock")
@StackTrace(false)
public final class WorkerEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Worker")
    String worker = "";

    @Label("Worker's Process Id")
    long pid;

    @Label("What Happened")
    @Description("READY, or how it ended")
    String what = "";

    @Label("Tasks Done")
    int done;

    /** For the recorder. */
    public WorkerEvent() {}
}
