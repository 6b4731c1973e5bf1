package dev.interlock.cli.soak;

import dev.interlock.Lease;
import dev.interlock.QueueClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the children of a soak do, until the queue is closed or they are killed. */
final class Workers {
    private Workers() {}

    /** Puts the next numbers of a producer, alone and in runs. */
    static void produce(Books books, int producer) throws InterruptedException, IOException {
        long number = books.begun().get(producer); // what a life before began is over
        WaitClock clock = new WaitClock(books, producer);
        try (Lateness _ = Lateness.of(books, producer)) {
            while (true) { // until it is closed
                int run = number % 16 == 0 ? Books.RUN : 1;
                while (number + run - books.settled().get(producer) >= Books.WINDOW)
                    Thread.sleep(1); // the books are behind, not the queue
                books.begun().set(producer, number + run);
                put(books, producer, number, run, clock);
                number += run;
                books.acknowledged().set(producer, number);
                books.progress().getAndAdd(producer, run);
            }
        } catch (QueueClosedException end) {
            // all is over
        }
    }

    private static void put(Books books, int producer, long number, int run, WaitClock clock)
            throws InterruptedException {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 1; i <= run; i++) messages.add(Books.message(producer, number + i));
        clock.begin();
        if (run == 1) books.queue().put(messages.getFirst());
        else books.queue().putAll(messages);
        clock.end();
    }

    /** Takes messages in leases and notes them before they are gone. */
    static void consume(Books books, int process) throws InterruptedException, IOException {
        long[] last = new long[books.producers()];
        WaitClock clock = new WaitClock(books, process);
        try (Lateness _ = Lateness.of(books, process)) {
            while (true) { // until it is closed and empty
                clock.begin();
                Lease<byte[]> lease = books.queue().takeLease();
                clock.end();
                books.record(lease.message());
                if (lease.deliveries() == 1) requireOrder(books, lease.message(), last);
                lease.ack();
                books.progress().getAndAdd(process, 1);
            }
        } catch (QueueClosedException end) {
            // all is over
        }
    }

    /* What is delivered again comes late, all else in the order in which it was put. */
    private static void requireOrder(Books books, byte[] message, long[] last) {
        int producer = Books.producerOf(message);
        if (producer < 0 || producer >= last.length) return; // torn, and noted
        long number = Books.numberOf(message);
        if (number <= last[producer]) books.recordDisorder();
        last[producer] = number;
    }
}
