package dev.interlock.internal.process;

import dev.interlock.internal.region.Guardian;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A child's JVM that starts while its task is still being made: {@link Launch#in} has it become the child. It is a spare that has not
 * practised: it waits for a frame, and ends with this process. To be given up if it is not used.
 */
public final class EarlyJvm {
    private static final Set<EarlyJvm> UNUSED = new HashSet<>(); // guarded by itself

    private final FutureTask<Spare> start;

    private EarlyJvm(String name) {
        start = new FutureTask<>(() -> Spare.startOnly(name));
    }

    /**
     * Starts one, for a child of whose JVM nothing special is asked.
     *
     * @param name the child's, for process listings
     * @return null if there is no thread for it to be had, or this JVM is ending: then the child has to start as usual
     */
    public static @Nullable EarlyJvm start(String name) {
        EarlyJvm jvm = new EarlyJvm(name);
        try {
            Processes.hookToEnd();
            Guardian.starts();
            synchronized (UNUSED) {
                UNUSED.add(jvm);
            }
            Threads.start("interlock-early", true, jvm.start);
            return jvm;
        } catch (IllegalStateException | OutOfMemoryError e) {
            jvm.claim();
            return null;
        }
    }

    /** The JVM, which is the caller's from now on. Null if it could not be started, or was taken before. */
    @Nullable Spare take() {
        return claim() ? started() : null;
    }

    private boolean claim() {
        synchronized (UNUSED) {
            return UNUSED.remove(this);
        }
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

    /** Ends all that nobody has taken, at the end of this JVM. */
    static void end() {
        List<EarlyJvm> unused;
        synchronized (UNUSED) {
            unused = new ArrayList<>(UNUSED);
        }
        unused.forEach(EarlyJvm::giveUp);
    }
}
