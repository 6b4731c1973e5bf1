package dev.interlock.internal.os;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Runs an action when {@link Thread#interrupt()} hits the thread between {@link #enter()} and {@link #leave()}, which
 * is how a sleep in native code can be broken. The JDK offers this to selectors alone, so this is a selector that
 * selects nothing.
 */
public final class InterruptHook extends AbstractSelector {
    private final Runnable onInterrupt;

    /** Makes a hook; it may be used again and again, by one thread at a time. */
    public InterruptHook(Runnable onInterrupt) {
        super(null);
        this.onInterrupt = onInterrupt;
    }

    /** From now on an interrupt of the calling thread runs the action, at once if the thread is interrupted already. */
    public void enter() {
        begin();
    }

    /** Ends what {@link #enter()} began. */
    public void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        onInterrupt.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected java.nio.channels.SelectionKey register(
            AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }
}
