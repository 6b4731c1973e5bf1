package dev.interlock.internal.pool;

/**
 * Whether the calling thread has stack left for what it is about to begin. Where it ends in between, a lock may stay locked for ever: to
 * unlock one takes more stack than to lock it. Asked by those who give tasks away and who look for reports; not by the rarer calls.
 */
final class StackRoom {
    private StackRoom() {}

    /**
     * Throws {@link StackOverflowError} if there is less, before anything was begun.
     *
     * @param levels 16 bytes of stack each, at least, and a nanosecond or two, once it is compiled
     */
    static void require(int levels) {
        if (descend(levels) != levels) throw new AssertionError();
    }

    /** Whether there is so much. */
    static boolean has(int levels) {
        try {
            return descend(levels) == levels;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static int descend(int levels) {
        return levels == 0 ? 0 : 1 + descend(levels - 1);
    }
}
