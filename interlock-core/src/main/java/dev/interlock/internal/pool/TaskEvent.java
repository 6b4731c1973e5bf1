package dev.interlock.internal.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For Flight Recorder: a task of a pool ended, or one attempt at it. Public, as the recorder wants it. */
@Name("dev.interlock.PoolTask")
@Label("Pool Task")
@Description("An attempt of a pool's worker at a task has come to an end")
@Category("Interlock")
@StackTrace(false)
public final class TaskEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Worker")
    String worker = "";

    @Label("Worker's Process Id")
    long pid;

    @Label("Task")
    String task = "";

    @Label("Attempt")
    int attempt;

    @Label("Outcome")
    @Description("RESULT, FAILURE or DEATH")
    String outcome = "";

    @Label("Time in the Queue")
    @Timespan(Timespan.NANOSECONDS)
    long queuedNanos;

    @Label("Time in the Worker")
    @Timespan(Timespan.NANOSECONDS)
    long ranNanos;

    /** For the recorder. */
    public TaskEvent() {}
}
