package dev.interlock.internal.sync;

/** One end of one direction of a pipe, as one process sees it: a lock that makes it one thread's at a time, and waiting. */
abstract class PipeSide {
    /*
     * Waiting     RingSignal, in a cell where others see it, without a lock or under the side's own. All who wait look at everything
     *             again when anybody sends, receives, gives a message up, ends a hold, or dies: such a change signals all.
     * Spinning    as long as a sleep and a wake-up would cost, while that pays; then now and then, to find out whether it would.
     * Closing     All goes through the opening, so that it ends when the region is closed. A lock that is held then is released through
     *             the membership, unless the process leaves: then the sweep does it.
     */
    static final long NOT_YET = RingSignal.NOT_YET;
    static final long READY = 0;

    /** Nothing will come of it any more: nobody holds the other end. */
    static final long ENDED = 1;

    /** The message that is half there will not be whole. */
    static final long GIVEN_UP = 2;

    /** The connection was closed here. */
    static final long CLOSED = 3;

    private static final long SPIN_NANOS = 100_000;
    private static final int SPINS_BETWEEN_LOOKS_AT_THE_CLOCK = 16;
    private static final int FEW_SPINS = 50;
    private static final int MOST_FAILURES = 8;
    private static final int PROBE_EVERY = 32;

    final Words opening;
    final PipeRing ring;
    final int from;
    private final Words words;
    private final WaitCells cells;
    private final Owners owners;
    private final Stay stay;
    private final LockState lock;
    private final long lockAt;
    private final long otherEnd;
    private int failures; // of spinning, in a row; races lose counts, harmlessly

    PipeSide(PipeState.Place place, int from, LockState lock, int lockOffset, int otherEnd) {
        this.words = place.words();
        this.opening = place.opening();
        this.cells = place.cells();
        this.owners = place.owners();
        this.stay = place.stay();
        this.ring = new PipeRing(opening, place.layout(), from);
        this.from = from;
        this.lock = lock;
        this.lockAt = place.layout().at + lockOffset;
        this.otherEnd = place.layout().end(otherEnd);
    }

    /** Makes the side the calling thread's: {@link #READY}, or how that ended. */
    final long take(long deadlineNanos, boolean interruptible) {
        return switch (lock.acquire(opening, lockAt, deadlineNanos, interruptible)) {
            case YES -> READY;
            case INTERRUPTED -> RingSignal.INTERRUPTED;
            case NO, ABANDONED -> RingSignal.TIMED_OUT;
        };
    }

    final void giveBack() {
        try {
            lock.release(opening, lockAt);
        } catch (IllegalStateException closed) {
            if (!stay.begin()) return;
            try {
                if (lock.isHeldByCurrentThread()) lock.release(words, lockAt);
            } finally {
                stay.end();
            }
        }
    }

    final boolean isOtherEndKnownOver() {
        return PipeHolds.isKnownOver(opening, otherEnd);
    }

    final boolean isOtherEndOver() {
        return PipeHolds.isOver(opening, otherEnd);
    }

    /** What a thread waits for. */
    interface Look {
        /** {@link #NOT_YET}, or why the wait is over. */
        long look();
    }

    /**
     * Waits until there is something to see.
     *
     * @param signal where to sleep
     * @param word a word that changes when there may be
     * @return what was seen, {@link RingSignal#TIMED_OUT} or {@link RingSignal#INTERRUPTED}
     */
    final long await(Look look, long signal, long word, long deadlineNanos, boolean interruptible) {
        long before = opening.get(word); // first, or a change in between would not be seen as one
        long seen = look.look();
        if (seen == NOT_YET) seen = spin(look, word, before);
        if (seen != NOT_YET) return seen;
        if (SignalWord.isTimeOver(opening, deadlineNanos)) return RingSignal.TIMED_OUT;
        long cell =
                cells.enterIfPossible(WaitCell.Kind.OTHER, signal, WaitCell.flags(deadlineNanos));
        try {
            return RingSignal.await(
                    opening,
                    opening,
                    signal,
                    new Attempt(look, otherEnd),
                    deadlineNanos,
                    interruptible);
        } finally {
            cells.leave(cell);
        }
    }

    private final class Attempt implements RingSignal.Attempt {
        private final Look look;
        private final long end;
        private long patience;

        Attempt(Look look, long end) {
            this.look = look;
            this.end = end;
        }

        @Override
        public long tryOnce() {
            return look.look();
        }

        @Override
        public boolean mayGoUntold() {
            return false;
        }

        /* Those whose death will not be announced are looked after here. */
        @Override
        public long until(long deadlineNanos) {
            patience = Words.NEVER;
            PipeHolds.forEachHolder(opening, end, this::lookAfter);
            if (patience == Words.NEVER) return deadlineNanos;
            return Math.min(deadlineNanos, opening.nanoTime() + patience);
        }

        private void lookAfter(int slot) {
            patience = Math.min(patience, owners.patienceNanos(slot));
        }
    }

    private long spin(Look look, long word, long before) {
        if (Cpus.ONE || Thread.currentThread().isVirtual()) return NOT_YET;
        boolean paysOff = failures < MOST_FAILURES || failures % PROBE_EVERY == 0;
        if (paysOff ? spinLong(word, before) : spinShort(word, before)) {
            failures = 0;
            return look.look();
        }
        failures++;
        return NOT_YET;
    }

    private boolean spinShort(long word, long before) {
        for (int i = opening.spins(FEW_SPINS); i > 0; i--) {
            Thread.onSpinWait();
            if (opening.get(word) != before) return true;
        }
        return false;
    }

    private boolean spinLong(long word, long before) {
        long end = opening.nanoTime() + SPIN_NANOS;
        do { // until it changes, or it would have been cheaper to sleep
            for (int i = 0; i < SPINS_BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
                Thread.onSpinWait();
                if (opening.get(word) != before) return true;
            }
        } while (opening.nanoTime() < end);
        return false;
    }
}
