package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/**
 * Takes messages one after the other, with less effort than {@link QueueState#take()}, as what has to be told is told in the end. For one
 * thread, and not for long: others do not see yet that there is room.
 *
 * <p>For each message its {@link #position}, {@link #take}, and, the message read, {@link QueueContents#touch}, {@link #owe} and {@link #finish}; in the end
 * {@link #note}, {@link #finished} and {@link #tell}.
 *
 * <p>So many small methods, and none that does all, since the JIT keeps this object in registers only if all of them are inlined, and
 * it inlines no method that it has compiled before to more than 2500 bytes: three accesses to shared memory take that much. What
 * takes more is called with numbers only.
 */
public final class QueueTaking {
    /** How many messages are taken, at most, before others are told. */
    public static final int MOST = 32;

    private final QueueState state;
    private final Ring ring;
    private final QueueLayout layout;
    private final RingLayout places;
    private final Words words;
    private final MemorySegment queue; // the memory of the queue alone: see Words.piece
    private final QueueDebts debts;
    private final long returns;
    private final long first;
    private long next;
    private long slot; // in the piece, of the message that was taken last

    QueueTaking(
            QueueState state,
            Ring ring,
            QueueLayout layout,
            Words words,
            MemorySegment queue,
            QueueDebts debts,
            long first,
            long returns) {
        this.state = state;
        this.ring = ring;
        this.layout = layout;
        this.places = layout.ring;
        this.words = words;
        this.queue = queue;
        this.first = first;
        this.debts = debts;
        this.returns = returns;
        this.next = first;
    }

    /** Where there may be a message. */
    public long position() {
        return next;
    }

    /** Whether that is elsewhere than in the beginning. */
    public boolean hasMoved() {
        return next != first;
    }

    /**
     * Goes on to a position. So short, as it is seldom called: the JIT inlines what is seldom called only if it has no more than six
     * bytes, and else could not keep this object in registers.
     */
    public void goTo(long position) {
        next = position;
    }

    /**
     * Takes the message at that position.
     *
     * @return its word; {@link Ring#NOT_YET} if neither it nor one behind it can be taken; 0 if one has to look on, see {@link
     *     QueueState#lookFrom}
     */
    public long take() {
        long at = places.slotInPiece(next);
        return take(at, words.get(queue, layout.at, at));
    }

    /** The same as {@link #take()}, for who knows where that position's slot lies, see {@link #slot}, and has looked at its word. */
    public long take(long at, long seen) {
        long word = ring.takeAt(words, queue, at, next, seen);
        if (word == 0 || word == Ring.NOT_YET) return word;
        slot = at;
        next++;
        return word;
    }

    /** Where the message that was taken last lies, see {@link QueueContents#toRead(long, long, long)}. */
    public long slot() {
        return slot;
    }

    /** Whether the calling thread owes without a locked instruction: then it need not owe for several at once. */
    public boolean owesAlone() {
        return debts.countsAlone();
    }

    /** This process owes so many more reports that it is done with a message; before they are finished. */
    public void owe(int messages) {
        debts.add(words, queue, messages);
    }

    /** Ends the reading of the message that was taken last, which has that word: it is gone. */
    public void finish(long word) {
        words.putRelease(queue, layout.at, slot, Ring.finished(word));
    }

    /** The same, of any message that was taken. */
    public void finish(long position, long word) {
        words.putRelease(queue, layout.at, places.slotInPiece(position), Ring.finished(word));
    }

    /** Notes that of the messages from a position to before {@link #position} so many are finished by this. */
    public void finished(long from, int finished) {
        ring.finished(from, next, finished);
    }

    /** Notes how far messages are taken. */
    public void note() {
        ring.taken(words, queue, next - 1, returns);
    }

    /** Tells others that messages are gone, perhaps before they see it: see Untold in RingSignal. */
    public void tell() {
        if (ring.signalFinished(words, queue)) state.signalIdle();
    }
}
