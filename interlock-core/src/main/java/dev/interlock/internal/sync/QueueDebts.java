package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** How many messages each process took from a queue and has not reported done, as one of them sees it. */
final class QueueDebts {
    /*
     * Words   Each process, by its slot in the process table, has two:
     *         BOOK   63..48 generation of the process, its lower bits | 47..0 NONE + messages that its threads took - those reported done
     *         SOLE   63..48 the same | 47..0 messages that its SoleWriter took
     *         It owes the sum; only what is in BOOK if the other is of another generation. That is never less than 0, so BOOK may count
     *         less than NONE. A BOOK of 0 owes nothing, whatever SOLE says.
     * Stores  BOOK by compare-and-set or by adding, by any process. SOLE by one thread of its process, plainly, and only ever more of it:
     *         a locked instruction less for each message that this thread takes.
     * Looking BOOK first, then SOLE, which may be larger by then: so nobody sees less owed than there was when it began. Who pays
     *         compares BOOK with what it saw, so there is still as much at least.
     * Generations   so that a sweeper that was stopped does not pay another's. A process stores its own, SOLE first, into words that
     *         have another, or nothing: until BOOK has it, SOLE does not count.
     * Death   The dead owe nothing: the sweep makes BOOK 0, which ends the debt, and then SOLE. In between, nothing is owed either.
     */
    private static final int BITS = 48;
    private static final long MESSAGES = (1L << BITS) - 1;
    private static final long NONE =
            1L << (BITS - 1); // in BOOK: it can become less, and does not borrow

    private final Words words;
    private final QueueLayout layout;
    private final SoleWriter writer;
    private final int slot;
    private final long book; // where this process's is
    private final long bookInPiece; // the same in the memory of the queue alone
    private final long soleInPiece;
    private final long none; // of the other, when nothing was taken

    /** Those of a queue, for all handles of this process that share a writer. */
    QueueDebts(Words words, QueueLayout layout, SoleWriter writer, int slot, int generation) {
        this.words = words;
        this.layout = layout;
        this.writer = writer;
        this.slot = slot;
        this.book = layout.book(slot);
        this.bookInPiece = book - layout.at;
        this.soleInPiece = layout.sole(slot) - layout.at;
        this.none = (long) generation << BITS;
        begin(layout.sole(slot), none);
        begin(book, none | NONE);
    }

    private void begin(long word, long first) {
        long seen = words.get(word);
        if (seen == 0 || seen >>> BITS != first >>> BITS) words.cas(word, seen, first);
    }

    /** This process took so many messages; with the memory of the queue at hand. */
    void add(Words words, MemorySegment queue, int messages) {
        long at = layout.at;
        if (writer.isMe()) words.putPlain(queue, at, soleInPiece, none | writer.count(messages));
        else words.getAndAdd(queue, at, bookInPiece, messages);
    }

    /** So many of this process's messages were counted and not taken. */
    void giveUp(int messages) {
        long seen;
        long owed;
        do { // until they are gone; fewer if somebody reported more done than were taken
            seen = words.get(book);
            owed = owed(seen, slot);
        } while (!words.cas(book, seen, seen - Math.min(owed, messages)));
    }

    /** One message is done: one of this process's, or else of any; false if there is none. */
    boolean pay() {
        if (pay(slot)) return true;
        for (int any = 0; any < LockWord.SLOT; any++) if (pay(any)) return true;
        return false;
    }

    private boolean pay(int debtor) {
        while (true) { // until paid, or nothing is owed
            long seen = words.get(layout.book(debtor));
            if (owed(seen, debtor) == 0) return false;
            if (words.cas(layout.book(debtor), seen, seen - 1)) return true;
        }
    }

    /** How many messages the process in that slot took that are not done. */
    long of(int debtor) {
        return owed(words.get(layout.book(debtor)), debtor);
    }

    /* With what BOOK said before. */
    private long owed(long book, int debtor) {
        long sole = words.get(layout.sole(debtor));
        long alone = sole >>> BITS == book >>> BITS ? sole & MESSAGES : 0;
        return Math.max(0, (book & MESSAGES) - NONE + alone);
    }

    /** How many all took. */
    long sum() {
        long sum = 0;
        for (int debtor = 0; debtor < LockWord.SLOT; debtor++) sum += of(debtor);
        return sum;
    }

    /** What the death of a process does. */
    static void sweep(Words words, QueueLayout layout, int dead, BooleanSupplier stillDying) {
        clear(words, layout.book(dead), stillDying);
        clear(words, layout.sole(dead), stillDying);
    }

    private static void clear(Words words, long word, BooleanSupplier stillDying) {
        long seen = words.get(word);
        if (seen != 0 && stillDying.getAsBoolean()) words.cas(word, seen, 0);
    }
}
