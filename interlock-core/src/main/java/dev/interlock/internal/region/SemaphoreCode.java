package dev.interlock.internal.region;

import dev.interlock.internal.sync.SemaphoreState.Manner;

/** How a semaphore's option, which all who open it agree on, tells its permits and manner: permits in the lower half. */
public final class SemaphoreCode {
    private static final long UNOWNED = 1L << 32;
    private static final long BOUNDED = 1L << 33;
    private static final long FAIR = 1L << 34;

    private SemaphoreCode() {}

    /** The option. */
    public static long of(int permits, Manner manner) {
        return permits
                | (manner.owned() ? 0 : UNOWNED)
                | (manner.bounded() ? BOUNDED : 0)
                | (manner.fair() ? FAIR : 0);
    }

    /** How many permits there were at the beginning. */
    public static int permits(long option) {
        return (int) option;
    }

    static boolean isOwned(long option) {
        return (option & UNOWNED) == 0;
    }

    /** How it behaves. */
    public static Manner manner(long option) {
        return new Manner(isOwned(option), (option & BOUNDED) != 0, (option & FAIR) != 0);
    }
}
