package dev.interlock.internal.pool;

import dev.interlock.internal.process.RecentClasses;

/** Loads the classes that a worker's first task is likely to be of, beside the main thread, which gets ready for it. */
final class LikelyLoader extends Thread {
    private final String names;

    /**
     * Begins, if there is a thread to be had: nobody relies on it.
     *
     * @param names as {@link RecentClasses#likely} has them
     */
    static void begin(String names) {
        try {
            new LikelyLoader(names).start();
        } catch (OutOfMemoryError e) {
            // of threads: the first task loads them
        }
    }

    private LikelyLoader(String names) {
        super(null, null, "interlock-load", 0, false);
        this.names = names;
        setDaemon(true);
    }

    @Override
    public void run() {
        RecentClasses.loadLikely(names);
    }
}
