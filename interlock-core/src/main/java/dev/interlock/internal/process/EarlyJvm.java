package dev.interlock.internal.process;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A child's JVM that starts while its task is still being made: {@link Launch#in} has it become the child. It is a spare that has not
 * practised: it waits for a frame, and ends with this process. To be given up if it is not used.
 */
public final class EarlyJvm {
    private final FutureTask<Spare> start = new FutureTask<>(Spare::startOnly);
    private boolean taken; // guarded by this

    private EarlyJvm() {}

    /** Starts one, for a child of whose JVM nothing special is asked. */
    public static EarlyJvm start() {
        EarlyJvm jvm = new EarlyJvm();
        Threads.start("interlock-early", true, jvm.start);
        return jvm;
    }

    /** The JVM, which is the caller's from now on. Null if it could not be started, or was taken before. */
    @Nullable Spare take() {
        return claim() ? started() : null;
    }

    private synchronized boolean claim() {
        boolean first = !taken;
        taken = true;
        return first;
    }

    private @Nullable Spare started() {
        return Threads.uninterruptibly(() -> {
            try {
                return start.get();
            } catch (ExecutionException e) {
                return null; // the next start says why
            }
        });
    }

    /** Ends it unless it was taken. */
    public void giveUp() {
        Spare spare = take();
        if (spare != null) spare.end();
    }
}
