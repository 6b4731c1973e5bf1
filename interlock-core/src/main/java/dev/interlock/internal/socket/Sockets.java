package dev.interlock.internal.socket;

import java.io.Closeable;
import java.io.IOException;

/** Closing what may be broken already. */
final class Sockets {
    private Sockets() {}

    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it was the connection to somebody who is gone
        }
        Poller.forget();
    }
}
