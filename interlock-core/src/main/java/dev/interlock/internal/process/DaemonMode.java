package dev.interlock.internal.process;

/** What happens to a child when its parent ends; the table is in {@link dev.interlock.ChildProcess}. */
enum DaemonMode {
    /** The parent's orderly end waits for the child; any other end of the parent ends the child. */
    UNSET(0),
    /** Any end of the parent ends the child. */
    DAEMON(1),
    /** The parent's orderly end waits for the child; no other end of the parent matters to it. */
    NON_DAEMON(2);

    private final int code;

    DaemonMode(int code) {
        this.code = code;
    }

    /** How it is written to a child. */
    int code() {
        return code;
    }

    static DaemonMode ofCode(int code) {
        if (code == DAEMON.code) return DAEMON;
        return code == NON_DAEMON.code ? NON_DAEMON : UNSET;
    }

    boolean endsWithParent() {
        return this != NON_DAEMON;
    }

    boolean keepsParent() {
        return this != DAEMON;
    }
}
