package dev.interlock.internal.pool;

import dev.interlock.internal.process.RecentClasses;

/** Loads the classes that a worker's first task is likely to be of, beside the main thread, which gets ready for it. */
final class LikelyLoader extends Thread {
    private final String names;

    /**
     * To be started.
     *
     * @param names as {@link RecentClasses#likely} has them
     */
    LikelyLoader(String names) {
        super(null, null, "interlock-load", 0, false);
        this.names = names;
        setDaemon(true);
    }

    @Override
    public void run() {
        RecentClasses.loadLikely(names);
    }
}
