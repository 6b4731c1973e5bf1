package dev.interlock.bench.peer;

import java.io.IOException;

/** A peer could not be measured: it is not on this machine, or it failed. The message says which, for the table. */
public final class PeerException extends IOException {
    private static final long serialVersionUID = 1L;

    PeerException(String message) {
        super(message);
    }
}
