package dev.interlock.cli.soak;

/** Times the waits of one process, and tells which part of a long one the machine is to blame for. */
final class WaitClock {
    private final Books books;
    private final int process;
    private final long[] lateBefore; // of each process, when the wait began
    private long start;
    private long waits;

    WaitClock(Books books, int process) {
        this.books = books;
        this.process = process;
        this.lateBefore = new long[books.processes()];
    }

    void begin() {
        for (int i = 0; i < lateBefore.length; i++) lateBefore[i] = books.late().get(i);
        start = System.nanoTime();
    }

    void end() throws InterruptedException {
        long end = System.nanoTime();
        long nanos = end - start;
        if (waits++ < Books.WARM_UP) return;
        if (nanos <= Books.LONG_NANOS) {
            books.recordWait(process, nanos);
            return;
        }
        long killing = books.killingNanos(start, end);
        Thread.sleep(3 * Lateness.BEAT_NANOS / 1_000_000); // those who come late say so then
        books.recordLongWait(process, nanos, Math.max(0, nanos - killing - worstLateness()));
    }

    /* Who does not run while it has a message in hand holds up others too: so that of any process counts. */
    private long worstLateness() {
        long worst = 0;
        for (int i = 0; i < lateBefore.length; i++)
            worst = Math.max(worst, books.late().get(i) - lateBefore[i]);
        return worst;
    }
}
