package dev.interlock.internal.region;

/**
 * Makes what access to a region's memory takes, beside the thread that is about to attach the region: for a process that will use it at
 * once, as the workers of a pool do. Others may never need it.
 */
public final class PreloadAccess extends Thread {
    private static final long SMALL_STACK_BYTES = 256 << 10;

    private PreloadAccess() {
        super(null, null, "interlock-preload-access", SMALL_STACK_BYTES, false);
        setDaemon(true);
    }

    /** Begins, if there is a thread to be had: nobody relies on it. To be called as early as possible. */
    public static void begin() {
        try {
            new PreloadAccess().start();
        } catch (OutOfMemoryError e) {
            // of threads: the first access makes it
        }
    }

    @Override
    public void run() {
        try {
            Mapping.makeHandles();
        } catch (LinkageError e) {
            // who needs it meets the same, and can say so
        }
    }
}
