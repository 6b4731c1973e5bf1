package dev.interlock;

import dev.interlock.internal.sync.QueueState;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Shows copies of a queue's messages, from the first place to the end. */
final class QueueIterator<E> implements Iterator<E> {
    private final QueueState state;
    private final Codec<E> codec;
    private final long end; // what comes later is not shown
    private long cursor; // where to look on
    private long next;
    private long wordOfNext;
    private @Nullable MemorySegment copyOfNext; // null when the end was reached
    private long last;
    private long wordOfLast; // 0 if there is nothing to remove

    QueueIterator(QueueState state, Codec<E> codec) {
        this.state = state;
        this.codec = codec;
        this.end = state.end();
        this.cursor = Math.max(0, end - state.capacity());
        advance();
    }

    private void advance() {
        copyOfNext = null;
        while (copyOfNext == null && cursor < end) { // until a message was copied
            next = cursor;
            cursor = state.after(next);
            wordOfNext = state.wordOfMessage(next);
            if (wordOfNext != 0) copyOfNext = state.copy(next, wordOfNext);
        }
    }

    @Override
    public boolean hasNext() {
        return copyOfNext != null;
    }

    @Override
    public E next() {
        MemorySegment copy = copyOfNext;
        if (copy == null) throw new NoSuchElementException("There are no more messages.");
        last = next;
        wordOfLast = wordOfNext;
        advance();
        return codec.read(copy.asReadOnly());
    }

    @Override
    public void remove() {
        if (wordOfLast == 0)
            throw new IllegalStateException("Call next first, once for each remove.");
        removeIfThere();
    }

    /** Takes the message that was shown last out of the queue; false if somebody else did. */
    boolean removeIfThere() {
        long word = wordOfLast;
        wordOfLast = 0;
        if (!state.take(last, word)) return false;
        state.finish(last);
        state.signalFinished();
        return true;
    }
}
