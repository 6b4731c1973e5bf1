package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pipe promises to threads and to processes; after the cases of Python's tests for Connection, Poll and wait. */
@ExtendWith(Crew.Dismissal.class)
class PipeContractTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int CAPACITY = 4096;
    private static final int WHOLE = CAPACITY - 16; // the largest message that is sent in one piece
    private static final int LARGE = 10 * CAPACITY + 3;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("pipes", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private Pipe duplex() {
        return Pipe.duplex(region, PipeOptions.defaults().capacity(CAPACITY));
    }

    private Pipe oneWay() {
        return Pipe.oneWay(region, PipeOptions.defaults().capacity(CAPACITY));
    }

    private void awaitWaiting(int count) {
        Watchdog.await(
                count + " wait",
                () -> region.objects().stream().mapToInt(o -> o.waiters().size()).sum() == count);
    }

    /** Bytes that tell when some are missing or in another order. */
    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void echo(Connection connection) throws InterruptedException {
        try (connection) {
            while (true) connection.sendBytes(connection.recvBytes()); // until the end
        } catch (ConnectionClosedException end) {
            // as it is to be
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesOfAnySize_comeWhole_andInOrder(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection here = pipe.first();
            Connection there = pipe.second();
            Crew.Promise<?> echo = crew.hire().begin(() -> echo(there));
            for (int length :
                    new int[] {0, 1, 7, 8, 9, 0, 1000, WHOLE, WHOLE + 1, LARGE, 1, 1 << 20}) {
                byte[] message = bytes(length, length);
                here.sendBytes(message);
                assertThat(Arrays.equals(here.recvBytes(), message)).as("%d", length).isTrue();
            }
            for (int i = 0; i < 500; i++) {
                here.sendBytes(bytes(i * 7 % 300, i));
                here.sendBytes(bytes(i * 11 % 200, i + 1));
                assertThat(here.recvBytes()).isEqualTo(bytes(i * 7 % 300, i));
                assertThat(here.recvBytes()).isEqualTo(bytes(i * 11 % 200, i + 1));
            }
            if (place == Crew.Place.PROCESSES) there.close(); // the other process has its own
            here.close();
            echo.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void objects_arriveAsTheyWere(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection there = pipe.second();
            Crew.Actor other = crew.hire();
            for (Object message :
                    List.of("text", 1, 2L, 0.5, true, List.of("a", List.of(1)), Duration.ZERO)) {
                Crew.Promise<?> sent = other.begin(() -> there.send(there.recv()));
                pipe.first().send(message);
                assertThat(pipe.first().recv()).isEqualTo(message);
                sent.join();
            }
            pipe.first().send("text");
            assertThat(other.call(() -> there.recv(String.class))).isEqualTo("text");
        }
    }

    @ParameterizedTest
    @EnumSource
    void recv_waitsForAMessage(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Crew.Promise<Object> received = crew.hire().start(() -> receiver.recv());
            awaitWaiting(1);
            assertThat(received.isDone()).isFalse();
            pipe.second().send(7);
            assertThat(received.join()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void send_waitsForRoom(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection sender = pipe.second();
            sender.sendBytes(bytes(WHOLE, 1));
            Crew.Promise<?> sent = crew.hire().begin(() -> sender.sendBytes(new byte[1]));
            awaitWaiting(1);
            assertThat(pipe.first().recvBytes()).isEqualTo(bytes(WHOLE, 1));
            sent.join();
            assertThat(pipe.first().recvBytes()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedWaits_end_andNothingIsSentOrLost(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            Crew.Actor actor = crew.hire();
            Duration soon = Duration.ofMillis(20);
            long begin = System.nanoTime();
            assertThat(actor.call(() -> receiver.recv(soon) == null)).isTrue();
            assertThat(actor.call(() -> receiver.poll(soon))).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2 * soon.toNanos());
            assertThat(actor.call(() -> receiver.recvBytes(Duration.ZERO) == null)).isTrue();
            sender.sendBytes(bytes(WHOLE, 1));
            begin = System.nanoTime();
            assertThat(actor.call(() -> sender.send("x", soon))).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(soon.toNanos());
            assertThat(actor.call(() -> sender.send("x", Duration.ofSeconds(-1)))).isFalse();
            assertThat(actor.call(() -> receiver.poll(Duration.ZERO))).isTrue();
            assertThat(receiver.recvBytes()).isEqualTo(bytes(WHOLE, 1));
            assertThat(receiver.poll()).isFalse();
            awaitWaiting(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeMessage_whoseSenderGivesUp_doesNotCome(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            Crew.Actor actor = crew.hire();
            Crew.Promise<?> sent = actor.begin(() -> sender.sendBytes(bytes(LARGE, 1)));
            awaitWaiting(1);
            assertThat(receiver.poll()).isTrue(); // it has begun
            actor.interrupt();
            assertThatThrownBy(sent::join).isInstanceOf(InterruptedException.class);
            assertThat(receiver.poll()).isFalse();
            assertThat(receiver.recv(Duration.ZERO)).isNull();
            Crew.Promise<Object> received = actor.start(() -> receiver.recv());
            awaitWaiting(1);
            sender.send("after");
            assertThat(received.join()).isEqualTo("after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeMessage_canBeReceived_afterItsReceiverGaveUpInTheMiddle(Crew.Place place)
            throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            Crew.Promise<?> sent = crew.hire().begin(() -> sender.sendBytes(bytes(1 << 20, 5)));
            ByteBuffer into = ByteBuffer.allocate(1 << 20);
            int tries = 0;
            while (receiver.recvBytes(into, Duration.ofMillis(1)) < 0) tries++;
            assertThat(into.flip().equals(ByteBuffer.wrap(bytes(1 << 20, 5))))
                    .as("after %d tries", tries)
                    .isTrue();
            sent.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interrupts_endWaits_andNothingIsSentOrLost(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            Crew.Actor first = crew.hire();
            Crew.Promise<?> received = first.start(() -> receiver.recv());
            awaitWaiting(1);
            first.interrupt();
            assertThatThrownBy(received::join).isInstanceOf(InterruptedException.class);
            Crew.Actor poller = crew.hire();
            Crew.Promise<?> polled = poller.start(() -> receiver.poll(LONG));
            awaitWaiting(1);
            poller.interrupt();
            assertThatThrownBy(polled::join).isInstanceOf(InterruptedException.class);
            sender.sendBytes(bytes(WHOLE, 1));
            Crew.Actor second = crew.hire();
            Crew.Promise<?> sent = second.begin(() -> sender.sendBytes(bytes(LARGE, 2)));
            awaitWaiting(1);
            second.interrupt();
            assertThatThrownBy(sent::join).isInstanceOf(InterruptedException.class);
            Crew.Promise<Boolean> before =
                    first.start(() -> {
                        Thread.currentThread().interrupt();
                        try {
                            receiver.recv();
                            return false;
                        } catch (InterruptedException expected) {
                            return !Thread.currentThread().isInterrupted();
                        }
                    });
            assertThat(before.join()).isTrue();
            assertThat(receiver.recvBytes()).isEqualTo(bytes(WHOLE, 1));
            assertThat(receiver.poll()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEnd_isSeenByWhoReceives_afterWhatWasSent(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection here = pipe.first();
            here.send("last");
            Connection there = pipe.second();
            Crew.Actor other = crew.hire();
            Crew.Promise<Integer> received =
                    other.start(() -> {
                        int count = 0;
                        try (there) {
                            while (true) { // until the end
                                there.recv();
                                count++;
                            }
                        } catch (ConnectionClosedException end) {
                            return count;
                        }
                    });
            awaitWaiting(1);
            here.close();
            assertThat(received.join()).isEqualTo(1);
            assertThat(here.isClosed()).isTrue();
            assertThatThrownBy(here::recv).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> here.send(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(here::poll).isInstanceOf(IllegalStateException.class);
            here.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEnd_isSeenByWhoSends_alsoWhileWaiting(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection sender = pipe.second();
            Crew.Promise<?> large = crew.hire().begin(() -> sender.sendBytes(new byte[LARGE]));
            awaitWaiting(1);
            pipe.first().close();
            assertThatThrownBy(large::join).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> sender.send(1)).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> sender.send(1, Duration.ZERO))
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROCESSES")
    void closing_endsTheWaitsOfThatConnection(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection here = pipe.first();
            Crew.Promise<?> received = crew.hire().start(() -> here.recv());
            Crew.Promise<?> polled = crew.hire().start(() -> here.poll(LONG));
            awaitWaiting(2);
            here.close();
            assertThatThrownBy(received::join).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(polled::join).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROCESSES")
    void closingTheRegion_endsWaits_andClosesItsConnections(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Region other = Region.open("pipes", RegionOptions.defaults().directory(directory));
            Pipe elsewhere = Pipe.duplex(other);
            Connection end = elsewhere.first();
            Crew.Promise<?> received = crew.hire().start(() -> end.recv());
            Connection here = pipe.first();
            Crew.Promise<?> mine = crew.hire().start(() -> here.recv());
            awaitWaiting(2);
            other.close();
            assertThatThrownBy(received::join).isInstanceOf(IllegalStateException.class);
            assertThat(elsewhere.second().isClosed()).isTrue();
            pipe.second().send(1);
            assertThat(mine.join()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "PROCESSES")
    void theDeathOfAProcess_isTheEndOfWhatItHeld(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection here = pipe.first();
            Connection there = pipe.second();
            Crew.Actor victim = crew.hire();
            victim.run(() -> there.send("last"));
            there.close();
            Crew waiters = new Crew(Crew.Place.THREADS);
            assertThat(here.recv()).isEqualTo("last");
            Crew.Promise<?> received = waiters.hire().start(() -> here.recv());
            Crew.Promise<?> sent = waiters.hire().begin(() -> here.sendBytes(new byte[LARGE]));
            awaitWaiting(2);
            victim.killProcess();
            assertThatThrownBy(received::join).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(sent::join).isInstanceOf(ConnectionClosedException.class);
            assertThat(here.poll()).isTrue();
            waiters.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBufferThatIsTooSmall_isToldTheSize_andNothingIsLost(Crew.Place place) throws Exception {
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            for (int length : new int[] {100, LARGE}) {
                Crew.Promise<?> sent = crew.hire().begin(() -> sender.sendBytes(bytes(length, 1)));
                ByteBuffer small = ByteBuffer.allocate(length - 1);
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> receiver.recvBytes(small))
                            .isInstanceOfSatisfying(
                                    BufferTooSmallException.class,
                                    e -> assertThat(e.messageBytes()).isEqualTo(length));
                    assertThat(small.position()).isZero();
                }
                ByteBuffer enough = ByteBuffer.allocate(length + 10).position(3);
                assertThat(receiver.recvBytes(enough)).isEqualTo(length);
                assertThat(enough.position()).isEqualTo(length + 3);
                assertThat(enough.slice(3, length)).isEqualTo(ByteBuffer.wrap(bytes(length, 1)));
                sent.join();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void poll_seesMessages_emptyOnesToo_andTheEnd(Crew.Place place) throws Exception {
        try (Pipe pipe = duplex();
                Crew crew = new Crew(place)) {
            Connection here = pipe.first();
            Connection there = pipe.second();
            Crew.Actor other = crew.hire();
            assertThat(here.poll()).isFalse();
            Crew.Promise<Boolean> polled = other.start(() -> there.poll(LONG));
            awaitWaiting(1);
            here.sendBytes(new byte[0]);
            assertThat(polled.join()).isTrue();
            assertThat(other.call(() -> there.poll())).isTrue();
            assertThat(there.recvBytes()).isEmpty();
            assertThat(there.poll()).isFalse();
            Crew.Promise<Boolean> end = other.start(() -> there.poll(LONG));
            awaitWaiting(1);
            here.close();
            assertThat(end.join()).isTrue();
            assertThatThrownBy(there::recv).isInstanceOf(ConnectionClosedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalSendersAndReceivers_eachMessageGoesToOne(Crew.Place place) throws Exception {
        int each = 1_000;
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            Connection sender = pipe.second();
            List<Crew.Promise<?>> senders = new ArrayList<>();
            for (int s = 0; s < 3; s++) {
                int number = s;
                senders.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int i = 0; i < each; i++) {
                                        byte[] bytes = bytes(i * 13 % 5000, i);
                                        ByteBuffer message = ByteBuffer.allocate(8 + bytes.length);
                                        message.putInt(number).putInt(i).put(bytes).flip();
                                        sender.sendBytes(message);
                                    }
                                }));
            }
            List<Crew.Promise<long[]>> receivers = new ArrayList<>();
            for (int r = 0; r < 2; r++)
                receivers.add(crew.hire().start(() -> receiveAll(receiver, 3 * each)));
            for (Crew.Promise<?> one : senders) one.join();
            for (int r = 0; r < 2; r++) sender.sendBytes(new byte[0]); // an end for each
            long count = 0;
            long sum = 0;
            for (Crew.Promise<long[]> one : receivers) {
                count += one.join()[0];
                sum += one.join()[1];
            }
            assertThat(count).isEqualTo(3L * each);
            assertThat(sum).isEqualTo(3L * each * (each - 1) / 2);
        }
    }

    /* How many, and the sum of their numbers. Each is whole, and those of one sender come in order. */
    private static long[] receiveAll(Connection receiver, int most) throws InterruptedException {
        int[] last = {-1, -1, -1};
        long sum = 0;
        for (int count = 0; count <= most; count++) {
            ByteBuffer message = ByteBuffer.wrap(receiver.recvBytes());
            if (!message.hasRemaining()) return new long[] {count, sum};
            int sender = message.getInt();
            int number = message.getInt();
            assertThat(number).isGreaterThan(last[sender]);
            last[sender] = number;
            sum += number;
            assertThat(message).isEqualTo(ByteBuffer.wrap(bytes(number * 13 % 5000, number)));
        }
        throw new AssertionError("more than were sent");
    }

    @ParameterizedTest
    @EnumSource
    void waitSet_waitsForConnections_amongOthers(Crew.Place place) throws Exception {
        SharedEvent event = region.event("e");
        try (Pipe first = duplex();
                Pipe second = duplex();
                Crew crew = new Crew(place)) {
            Connection a = first.first();
            Connection b = second.first();
            Crew.Actor waiter = crew.hire();
            Crew.Promise<Integer> ready =
                    waiter.start(() -> {
                        List<Waitable> all = List.of(event, a, b);
                        return all.indexOf(WaitSet.any(all).getFirst());
                    });
            awaitWaiting(3);
            second.second().send("x");
            assertThat(ready.join()).isEqualTo(2);
            assertThat(b.recv()).isEqualTo("x");
            assertThat(WaitSet.any(Duration.ZERO, a, b)).isEmpty();
            first.second().close();
            assertThat(WaitSet.any(a, b)).containsExactly(a);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "VIRTUAL_THREADS")
    void aThousandVirtualThreads_waitAtOnce(Crew.Place place) throws Exception {
        int count = 1000;
        try (Pipe pipe = oneWay();
                Crew crew = new Crew(place)) {
            Connection receiver = pipe.first();
            List<Crew.Promise<Object>> received = new ArrayList<>();
            for (int i = 0; i < count; i++) received.add(crew.hire().start(() -> receiver.recv()));
            awaitWaiting(count);
            for (int i = 0; i < count; i++) pipe.second().send(i);
            long sum = 0;
            for (Crew.Promise<Object> one : received) sum += (Integer) one.join();
            assertThat(sum).isEqualTo((count - 1L) * count / 2);
        }
    }
}
