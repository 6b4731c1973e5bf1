package dev.interlock.internal.sync;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What a process has in an {@link ArrayWords} besides its locks: nobody else is there. */
final class ArrayCells implements WaitCells.Memory {
    static final int SLOT = 0;
    static final int GENERATION = 1;
    private static final long ROOT = 8;
    private static final long TICKETS = 16;
    private static final long FIRST = 1 << 15; // of what is made; below is room for locks
    static final int BYTES = 1 << 17;

    static final Owners NOBODY_ELSE =
            new Owners() {
                @Override
                public long patienceNanos(int slot) {
                    return Words.NEVER;
                }

                @Override
                public void look(int slot) {
                    // there is nobody
                }

                @Override
                public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
                    return new IllegalStateException("deadlock");
                }
            };

    private final ArrayWords words;
    private long end = FIRST;
    final AtomicInteger reports = new AtomicInteger();

    private ArrayCells(ArrayWords words) {
        this.words = words;
    }

    static ArrayCells in(ArrayWords words) {
        return new ArrayCells(words);
    }

    WaitCells cells(long deadlockNanos) {
        return new WaitCells(words, ROOT, TICKETS, SLOT, GENERATION, this, deadlockNanos);
    }

    @Override
    public long chunk() {
        long chunk = make(WaitCell.CHUNK_BYTES);
        words.put(chunk + WaitCell.NEXT, words.get(ROOT));
        words.put(ROOT, chunk);
        return chunk;
    }

    @Override
    public long report() {
        reports.incrementAndGet();
        return make(WaitCell.REPORT_BYTES);
    }

    private long make(int bytes) {
        end += bytes;
        return end - bytes;
    }
}
