package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Connection;
import dev.interlock.ConnectionClosedException;
import dev.interlock.Pipe;
import dev.interlock.PipeOptions;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.SharedByteArray;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedQueue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that send numbered messages through one pipe, small ones and such as go in pieces, and that receive them.
 * Messages are whole and in order, none comes twice, none that its sender gave up comes at all, and only those are missing that a
 * killed receiver had in hand. {@code -Dinterlock.it.seconds} tells how long.
 */
@Timeout(900)
class PipeKillLoopIT {
    private static final int SECONDS = Integer.getInteger("interlock.it.seconds", 6);
    private static final int LEAST_KILLS = 8; // on a busy machine that takes longer
    private static final int SENDERS = 2; // processes
    private static final int RECEIVERS = 2;
    private static final int THREADS = 2; // of each
    private static final int ACCOUNTS = SENDERS * THREADS;
    private static final int MOST_MESSAGES = 20_000 * (SECONDS + 5); // of each account
    private static final int RUN = 16; // messages, before a sender rests
    private static final int CAPACITY = 1024;
    private static final int LARGE = 3000;
    private static final int TICKETS = 8;
    private static final byte SENT = 1;
    private static final byte GIVEN_UP = 2;

    @RegisterExtension final Stage stage = new Stage();

    /** What all note; and in which ends of the pipe get to them. */
    private static final class Books {
        final SharedQueue<Connection> sending;
        final SharedQueue<Connection> receiving;
        final SharedLongArray begun; // the last number of each account
        final SharedByteArray fates; // what became of each, as far as its sender knows
        final SharedByteArray received; // how often
        final SharedLong progress;
        final SharedLong stop;

        Books(Region region) {
            sending = region.queue("sending", QueueOptions.capacity(2 * TICKETS));
            receiving = region.queue("receiving", QueueOptions.capacity(2 * TICKETS));
            begun = region.longArray("begun", ACCOUNTS);
            fates = region.byteArray("fates", (long) ACCOUNTS * MOST_MESSAGES);
            received = region.byteArray("received", (long) ACCOUNTS * MOST_MESSAGES);
            progress = region.longValue("progress", 0);
            stop = region.longValue("stop", 0);
        }

        static long index(int account, long number) {
            return (long) account * MOST_MESSAGES + number;
        }

        /** Whenever somebody dies, so that who comes finds one, though some died with theirs. */
        void supply(Pipe pipe) throws InterruptedException {
            while (sending.size() < TICKETS) sending.put(pipe.second());
            while (receiving.size() < TICKETS) receiving.put(pipe.first());
        }
    }

    /** A message: whose, which, and so many bytes that follow from that. */
    private static byte[] message(int account, long number) {
        byte[] message = new byte[number % 8 == 0 ? LARGE : 16 + (int) (number * 7 % 200)];
        Arrays.fill(message, (byte) (number * 31 + account));
        ByteBuffer.wrap(message).putLong(account).putLong(number);
        return message;
    }

    static final class Verbs {
        static void work(Child me) throws Exception {
            Books books = new Books(me.open("r"));
            boolean sends = me.number(0) < SENDERS;
            try (Connection end = (sends ? books.sending : books.receiving).take()) {
                Workers.run(
                        me,
                        THREADS,
                        (account, random) -> {
                            if (sends) send(books, end, account, random);
                            else receive(books, end);
                        });
            }
        }

        /** Closes what nobody received; in a process of its own, since a connection's region stays open. */
        static void drain(Child me) throws Exception {
            Books books = new Books(me.open("r"));
            for (Connection end; (end = books.sending.poll()) != null; ) end.close();
            for (Connection end; (end = books.receiving.poll()) != null; ) end.close();
        }

        private static void send(Books books, Connection end, int account, Random random)
                throws Exception {
            long number = books.begun.get(account);
            while (books.stop.get() == 0 && number < MOST_MESSAGES - 1) {
                books.begun.set(account, ++number);
                ByteBuffer message = ByteBuffer.wrap(message(account, number));
                boolean sent = true;
                if (random.nextInt(8) == 0)
                    sent = end.sendBytes(message, Duration.ofNanos(random.nextInt(200_000)));
                else end.sendBytes(message);
                books.fates.set(Books.index(account, number), sent ? SENT : GIVEN_UP);
                if (number % RUN == 0) Thread.sleep(1);
            }
        }

        private static void receive(Books books, Connection end) throws Exception {
            long[] last = new long[ACCOUNTS];
            try {
                while (true) { // until the end
                    ByteBuffer message = ByteBuffer.wrap(end.recvBytes());
                    int account = (int) message.getLong();
                    long number = message.getLong();
                    KillLoop.require(
                            Arrays.equals(message.array(), message(account, number)),
                            "message " + number + " of " + account + " is torn");
                    KillLoop.require(number > last[account], number + " after " + last[account]);
                    last[account] = number;
                    books.received.getAndAdd(Books.index(account, number), (byte) 1);
                    books.progress.getAndAdd(1);
                }
            } catch (ConnectionClosedException over) {
                // as it is to be
            }
        }
    }

    @Test
    void manyKilledAtRandom_messagesAreWhole_andOnlyThoseInHandAreLost() throws Exception {
        Random random = Stage.random("pipe kill loop");
        RegionOptions large = stage.options().maxBytes(512 << 20);
        try (Region region = Region.open("r", large)) {
            Books books = new Books(region);
            Pipe pipe = Pipe.oneWay(region, PipeOptions.defaults().capacity(CAPACITY));
            books.supply(pipe);
            KillLoop loop = new KillLoop(stage, Verbs.class, SENDERS + RECEIVERS, random);
            int[] killed = new int[2];
            KillLoop.Doom doomed =
                    new KillLoop.Doom() {
                        @Override
                        public void before(int place) {
                            killed[place < SENDERS ? 0 : 1]++;
                        }

                        @Override
                        public void after(ChildJvm dead) throws Exception {
                            books.supply(pipe);
                        }
                    };
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < end || loop.killed() < LEAST_KILLS) {
                loop.killSome(doomed);
                loop.requireProgress(books.progress::get);
            }
            books.stop.set(1);
            pipe.close();
            stage.start(Verbs.class, "drain").joinWell();
            loop.joinWell();
            requireBalance(books, killed[0], killed[1]);
            assertThat(region.processes()).hasSize(1);
            region.unlink();
        }
    }

    private static void requireBalance(Books books, int sendersKilled, int receiversKilled) {
        long messages = 0;
        long lost = 0;
        long inDoubt = 0;
        for (int account = 0; account < ACCOUNTS; account++) {
            for (long number = 1; number <= books.begun.get(account); number++) {
                messages++;
                int fate = books.fates.get(Books.index(account, number));
                int times = books.received.get(Books.index(account, number));
                assertThat(times)
                        .as("how often " + number + " of " + account + " came")
                        .isBetween(0, fate == GIVEN_UP ? 0 : 1);
                if (fate == 0) inDoubt++;
                if (fate == SENT && times == 0) lost++;
            }
        }
        System.out.printf(
                "%d senders and %d receivers killed, %d messages, %d lost in hand, %d in doubt%n",
                sendersKilled, receiversKilled, messages, lost, inDoubt);
        assertThat(lost).isLessThanOrEqualTo((long) THREADS * receiversKilled);
        assertThat(inDoubt).isLessThanOrEqualTo((long) THREADS * sendersKilled);
    }
}
