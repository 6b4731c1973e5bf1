package dev.interlock.internal.process;

import java.util.concurrent.Callable;

/** Threads that serve children. */
public final class Threads {
    private Threads() {}

    /** Starts a thread that inherits nothing of the caller's: no inheritable thread-locals, no context class loader. */
    public static void start(String name, boolean daemon, Runnable work) {
        Thread thread =
                Thread.ofPlatform()
                        .name(name)
                        .daemon(daemon)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(work);
        thread.setContextClassLoader(null);
        thread.start();
    }

    /** Calls what may wait, again if it is interrupted; the interrupt is kept for later. */
    public static <V> V uninterruptibly(Callable<V> wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.call();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
