package dev.interlock.internal.process;

/** What happens to a child when its parent ends; the table is in {@link dev.interlock.ChildProcess}. */
enum DaemonMode {
    /** The parent's orderly end waits for the child; any other end of the parent ends the child. */
    UNSET,
    /** Any end of the parent ends the child. */
    DAEMON,
    /** The parent's orderly end waits for the child; no other end of the parent matters to it. */
    NON_DAEMON;

    boolean endsWithParent() {
        return this != NON_DAEMON;
    }

    boolean keepsParent() {
        return this != DAEMON;
    }
}
