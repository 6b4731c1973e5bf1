package dev.interlock.cli.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds up for how long a thread of this process could have run and did not, whatever the queue did: because others had the CPUs, as the
 * kernel tells of each thread, or because this JVM paused, as a thread sees that only wants to wake up every other millisecond.
 */
final class Lateness implements AutoCloseable {
    static final long BEAT_NANOS = 2_000_000;

    private final Books books;
    private final int process;
    private final Path statistics; // of the thread
    private final Thread beat = Thread.ofPlatform().daemon().name("lateness").unstarted(this::run);
    private volatile boolean closed;

    private Lateness(Books books, int process) throws IOException {
        this.books = books;
        this.process = process;
        Path thread =
                Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        this.statistics = thread.resolve("schedstat");
    }

    /** Of the calling thread, until it is closed. */
    static Lateness of(Books books, int process) throws IOException {
        Lateness lateness = new Lateness(books, process);
        lateness.beat.start();
        return lateness;
    }

    private void run() {
        long last = System.nanoTime();
        long lastDelay = runDelay();
        while (!closed) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            long delay = runDelay();
            long late = now - last - BEAT_NANOS;
            books.late()
                    .getAndAdd(process, Math.max(delay - lastDelay, late > BEAT_NANOS ? late : 0));
            last = now;
            lastDelay = delay;
        }
    }

    /* How long it has waited for a CPU in its life: the second number there, on kernels that count it. */
    private long runDelay() {
        try {
            return Long.parseLong(Files.readString(statistics, US_ASCII).split(" ", -1)[1]);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (beat.isAlive()) { // its next beat comes soon, and the memory that it writes to goes
            try {
                beat.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
