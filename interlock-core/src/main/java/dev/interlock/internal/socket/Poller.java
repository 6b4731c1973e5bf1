package dev.interlock.internal.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The thread that waits in the kernel until channels can do something, for all threads of this JVM. */
final class Poller extends Thread {
    private static final Poller INSTANCE = new Poller();

    private final Selector selector;

    private Poller() {
        super(null, null, "interlock-sockets", 256 << 10, false);
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        setDaemon(true);
        start();
    }

    /** Has a channel watched, which must not block. Until {@link #want} is called there is nothing to see. */
    static SelectionKey watch(SelectableChannel channel, Runnable whenReady) throws IOException {
        return channel.register(INSTANCE.selector, 0, whenReady);
    }

    /** Runs what the channel is watched with, once, as soon as it can do one of these, or is closed. */
    static void want(SelectionKey key, int operations) {
        key.interestOpsOr(operations);
        INSTANCE.selector.wakeup();
    }

    /** Has the kernel let go of channels that were closed. */
    static void forget() {
        INSTANCE.selector.wakeup();
    }

    @Override
    public void run() {
        while (true) { // as long as the JVM
            try {
                selector.select(Poller::tell);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void tell(SelectionKey key) {
        try {
            key.interestOpsAnd(~key.readyOps());
        } catch (CancelledKeyException e) {
            // it was closed, which those who wait are to see
        }
        ((Runnable) key.attachment()).run();
    }
}
