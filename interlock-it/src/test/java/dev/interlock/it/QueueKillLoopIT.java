package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Codec;
import dev.interlock.Lease;
import dev.interlock.QueueClosedException;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedByteArray;
import dev.interlock.SharedIntArray;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedQueue;
import dev.interlock.it.ChildJvm.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that put numbered messages and take them. What was acknowledged to who put it is taken: at least once, or
 * at most once if the queue drops what the dead were reading. Each process works on one queue of either mode.
 * {@code -Dinterlock.it.kills} tells how many are killed.
 */
class QueueKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 50);
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;
    private static final int PROCESSES = PRODUCERS + CONSUMERS;
    private static final int MOST_MESSAGES = 2_000_000; // of each producer
    private static final long LONGEST_LIFE_MILLIS = 800;
    private static final long PRODUCER_SHIFT = 40;

    @RegisterExtension final Stage stage = new Stage();

    /** A message: whose, which, and so many bytes that follow from that. */
    private static byte[] message(int producer, long number) {
        byte[] message = new byte[16 + (int) (number * 7 % 300) + (number % 64 == 0 ? 9000 : 0)];
        Arrays.fill(message, (byte) (number * 31 + producer));
        java.nio.ByteBuffer.wrap(message).putLong(producer * (1L << PRODUCER_SHIFT) + number);
        return message;
    }

    private static final class Books {
        final boolean dropping;
        final SharedQueue<byte[]> queue;
        final SharedLongArray begun; // the last message that a producer began to put
        final SharedByteArray acknowledged; // 1 for each that it knows to be in
        final SharedIntArray taken; // how often a message was recorded
        final SharedLongArray progress; // of each process

        /* Once so many that it is told how far messages are gone, see RingLayout.FREED. */
        static int capacity(boolean dropping) {
            return dropping ? 8 : 100;
        }

        Books(Region region, boolean dropping) {
            this.dropping = dropping;
            String mode = dropping ? "dropping " : "";
            QueueOptions options = QueueOptions.capacity(capacity(dropping)).maxBytes(64 << 10);
            queue =
                    region.queue(
                            mode + "q",
                            dropping ? options.dropping() : options,
                            Codec.byteArrays());
            begun = region.longArray(mode + "begun", PRODUCERS);
            acknowledged = region.byteArray(mode + "acknowledged", PRODUCERS * MOST_MESSAGES);
            taken = region.intArray(mode + "taken", PRODUCERS * MOST_MESSAGES);
            progress = region.longArray(mode + "progress", PROCESSES);
        }

        static List<Books> both(Region region) {
            return List.of(new Books(region, false), new Books(region, true));
        }

        /** Puts until it is closed. */
        void produce(int producer) throws InterruptedException {
            long number = begun.get(producer);
            try {
                while (++number < MOST_MESSAGES) {
                    begun.set(producer, number);
                    queue.put(message(producer, number));
                    acknowledge(producer, number);
                    progress.getAndAdd(producer, 1);
                }
            } catch (QueueClosedException end) {
                // all is over
            }
        }

        /** Takes until the end. */
        void consume(int place) throws InterruptedException {
            try {
                while (true) {
                    Lease<byte[]> lease = queue.takeLease();
                    record(lease.message());
                    lease.ack();
                    progress.getAndAdd(place, 1);
                }
            } catch (QueueClosedException end) {
                // all is over
            }
        }

        private void record(byte[] message) {
            long id = java.nio.ByteBuffer.wrap(message).getLong();
            int producer = (int) (id >>> PRODUCER_SHIFT);
            long number = id & (1L << PRODUCER_SHIFT) - 1;
            if (!Arrays.equals(message, message(producer, number)))
                throw new AssertionError("message " + number + " of " + producer + " is torn");
            taken.getAndAdd(producer * (long) MOST_MESSAGES + number, 1);
        }

        long taken(int producer, long number) {
            return taken.get(producer * (long) MOST_MESSAGES + number);
        }

        void acknowledge(int producer, long number) {
            acknowledged.set(producer * (long) MOST_MESSAGES + number, (byte) 1);
        }

        boolean isAcknowledged(int producer, long number) {
            return acknowledged.get(producer * (long) MOST_MESSAGES + number) != 0;
        }
    }

    static final class Verbs {
        /** Puts into both queues, or takes from both, until they are closed. Arguments: which process, a seed. */
        static void work(Child me) throws Exception {
            List<Books> both = Books.both(me.open("r"));
            int place = (int) me.number(0);
            Workers.run(
                    me,
                    both.size(),
                    (account, _) -> {
                        Books books = both.get(account % both.size());
                        if (place < PRODUCERS) books.produce(place);
                        else books.consume(place);
                    });
        }
    }

    @Test
    void manyKilledAtRandom_nothingIsLost() throws Exception {
        Random random = Stage.random("queue kill loop");
        int consumersKilled = 0;
        ChildJvm[] crowd = new ChildJvm[PROCESSES];
        for (int i = 0; i < PROCESSES; i++) crowd[i] = start(i, random);
        try (Region region = stage.open("r")) {
            List<Books> both = Books.both(region);
            for (int killed = 0; killed < KILLS; killed++) {
                Await.sleep(random.nextLong(LONGEST_LIFE_MILLIS / PROCESSES));
                int place = random.nextInt(PROCESSES);
                crowd[place].killSoon();
                assertThat(crowd[place].joinKilled()).isTrue();
                if (place >= PRODUCERS) consumersKilled++;
                for (Books books : both) requireProgress(books, killed);
                crowd[place] = start(place, random);
            }
            for (Books books : both) books.queue.close();
            for (ChildJvm child : crowd) child.joinWell();
            for (Books books : both) requireBalance(books, consumersKilled);
            region.unlink();
        }
    }

    private static void requireProgress(Books books, int killed) throws Exception {
        long before = sum(books.progress);
        Await.until(
                "they go on after " + killed + ": " + books.queue.statistics(),
                () -> sum(books.progress) > before);
    }

    private static long sum(SharedLongArray array) {
        long sum = 0;
        for (int i = 0; i < array.length(); i++) sum += array.get(i);
        return sum;
    }

    private static void requireBalance(Books books, int consumersKilled) {
        boolean dropping = books.dropping;
        long messages = 0;
        long missing = 0;
        long twice = 0;
        for (int producer = 0; producer < PRODUCERS; producer++) {
            for (long number = 1; number <= books.begun.get(producer); number++) {
                messages++;
                long times = books.taken(producer, number);
                assertThat(times).as("takings of " + number + " of " + producer).isLessThan(5);
                if (times > 1) twice++;
                if (times > 0) continue;
                missing++;
                assertThat(dropping || !books.isAcknowledged(producer, number))
                        .as("message " + number + " of " + producer + " was lost")
                        .isTrue();
            }
        }
        System.out.printf(
                "%d killed, %d of them consumers, %d messages, %d taken twice, %d begun or dropped%n",
                KILLS, consumersKilled, messages, twice, missing);
        // A producer that died put one at most that it does not know of; a consumer had one at most
        // in its hands.
        int producersKilled = KILLS - consumersKilled;
        assertThat(missing)
                .isLessThanOrEqualTo(
                        producersKilled + PRODUCERS + (dropping ? consumersKilled : 0));
        assertThat(twice).isLessThanOrEqualTo(dropping ? 0 : consumersKilled);
        assertThat(books.queue.remainingCapacity()).isEqualTo(Books.capacity(dropping));
        assertThat(books.queue.statistics().undone()).isZero();
    }

    private ChildJvm start(int place, Random random) {
        Launch launch =
                random.nextInt(5) == 0 ? Launch.PLAIN.with("-Dinterlock.wait=poll") : Launch.PLAIN;
        return stage.start(launch, Verbs.class, "work", place, random.nextInt());
    }
}
