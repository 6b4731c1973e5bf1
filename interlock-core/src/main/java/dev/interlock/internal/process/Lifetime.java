package dev.interlock.internal.process;

/** What the end of a parent means for its child. The ordinal travels to the child. */
enum Lifetime {
    /** A parent that has nothing else to do waits for the child; a killed parent takes it along. */
    AWAITED,
    /** Ends with the parent. */
    DAEMON,
    /** A parent that has nothing else to do waits for the child; a killed one does not matter. */
    INDEPENDENT;

    static Lifetime of(int ordinal) {
        return values()[ordinal];
    }
}
