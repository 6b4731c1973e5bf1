package dev.interlock.internal.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * The child's standard input is a pipe whose other end only its parent holds. The kernel closes that end when the parent is gone,
 * whatever the reason, and then read() returns -1. A stopped parent keeps its end open. Other children of the parent do not
 * inherit it, since the JDK closes all descriptors above 2 before it runs a program.
 *
 * States   idle       a spare's: sleeps until the task is there   leaves by   watch
 *          watching   blocked in read()                          leaves by   end of the pipe: orphaned, or done for daemon(false)
 *                                                                            RELEASE: exiting;  another byte: what the parent says
 *          orphaned   System.exit on another thread, halt after the grace time
 *          exiting    looks at the parent's pid, five times a second, until the JVM is gone
 *
 * Why exiting    A JVM that ends waits 300 ms for threads that are in native code, as read() is. So whoever ends this JVM sends the
 *                lifeline a byte through its own pipe, which Linux lets us open for writing under /proc; it then sleeps in Java code
 *                instead. Without /proc all works the same, 300 ms later.
 */
/** Notices the parent's death, in the child. */
final class Lifeline extends Thread {
    private static final long GRACE_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 200;
    private static final int EXIT_CODE = 128 + 15; // as SIGTERM; nobody is left to look at it
    private static final String OWN_PIPE = "/proc/self/fd/0";

    private final WireInput pipe;
    private @Nullable ChildNote note; // guarded by this; set by watch
    private final CountDownLatch watchEnded = new CountDownLatch(1);
    private volatile boolean cut; // written by this thread
    private volatile Control.@Nullable Handler handler; // of what the parent says meanwhile
    private @Nullable CompletableFuture<Void>
            parentEnd; // guarded by this; made on demand, few children ask

    Lifeline(WireInput pipe) {
        super(null, null, "interlock-lifeline", 0, false);
        this.pipe = pipe;
        setDaemon(true);
    }

    /** Watches from now on. A spare has started this thread before: that takes longer than all else it does for a task. */
    synchronized void watch(ChildNote itsNote) {
        note = itsNote;
        if (isAlive()) notifyAll();
        else start();
    }

    /** Whether the parent is gone. */
    boolean isCut() {
        return cut;
    }

    synchronized CompletableFuture<Void> parentEnd() {
        if (parentEnd == null) {
            parentEnd = new CompletableFuture<>();
            if (cut) parentEnd.complete(null);
        }
        return parentEnd;
    }

    /** Lets go of the pipe, so that this JVM can end without delay. Called when it begins to. */
    void release() {
        if (cut) return;
        try (FileOutputStream ownPipe = new FileOutputStream(OWN_PIPE)) {
            ownPipe.write(Control.RELEASE);
            watchEnded.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException | InterruptedException e) {
            // the end takes longer, no more
        }
    }

    @Override
    public void run() {
        try {
            watchFor(awaitNote());
        } catch (InterruptedException e) {
            return; // somebody found this thread and wants it to end
        }
    }

    private synchronized ChildNote awaitNote() throws InterruptedException {
        while (note == null) wait();
        return note;
    }

    private void watchFor(ChildNote itsNote) {
        boolean parentDied = awaitEndOfPipe();
        cut = parentDied;
        watchEnded.countDown();
        if (!parentDied) awaitEndOfParent(itsNote.parentPid());
        if (itsNote.mode().endsWithParent()) endThisProcess();
        tellWaiters();
    }

    /** Waits for the end of the pipe, which is the parent's. False if this process began to end before. */
    private boolean awaitEndOfPipe() {
        try {
            while (true) { // until the end, or this process lets go
                int kind = pipe.read();
                if (kind < 0) return true;
                if (kind == Control.RELEASE) return false;
                obey(kind);
            }
        } catch (IOException e) {
            return true; // as good as its end
        }
    }

    private void obey(int kind) throws IOException {
        long value = pipe.readLong();
        Control.Handler current = handler;
        if (current != null) current.obey((byte) kind, value);
    }

    /** Who is told what the parent says, from now on. */
    void tell(Control.Handler handler) {
        this.handler = handler;
    }

    /* Only while shutdown hooks are running, and if they run long. The parent of an orphan is another process. */
    private static void awaitEndOfParent(long parentPid) {
        do {
            sleep();
        } while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == parentPid);
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            // nobody has a reason to interrupt this thread; look again
        }
    }

    /** Lets the shutdown hooks run, but not for ever: they may hang, for want of the parent perhaps. */
    private static void endThisProcess() {
        Thread exit = new Thread(null, new Exit(), "interlock-orphaned", 0, false);
        exit.setDaemon(true);
        exit.start();
        try {
            exit.join(GRACE_MILLIS);
        } catch (InterruptedException e) {
            // nobody has a reason to interrupt this thread; end at once
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private void tellWaiters() {
        CompletableFuture<Void> waiters;
        synchronized (this) {
            cut = true;
            waiters = parentEnd;
        }
        if (waiters != null) waiters.complete(null);
    }

    private static final class Exit implements Runnable {
        @Override
        public void run() {
            System.exit(EXIT_CODE);
        }
    }
}
