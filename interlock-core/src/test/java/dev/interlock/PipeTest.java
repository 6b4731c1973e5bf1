package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipes: their directions, codecs and limits, and sending their ends. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeTest {
    private static final int CAPACITY = 4096;
    private static final int LARGE = 10 * CAPACITY;

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

    @Test
    void oneWay_sendsFromTheSecondEndOnly() throws Exception {
        try (Pipe pipe = Pipe.oneWay(region)) {
            assertThat(pipe.first().canReceive()).isTrue();
            assertThat(pipe.first().canSend()).isFalse();
            assertThat(pipe.second().canReceive()).isFalse();
            assertThat(pipe.second().canSend()).isTrue();
            pipe.second().send("x");
            assertThat(pipe.first().recv()).isEqualTo("x");
            assertThatThrownBy(() -> pipe.first().send("x"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> pipe.second().recv())
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> pipe.second().poll())
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> WaitSet.any(pipe.second()))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aPipeWithoutARegion_hasMemoryOfItsOwn() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            pipe.first().send(1);
            pipe.second().send(2);
            assertThat(pipe.second().recv()).isEqualTo(1);
            assertThat(pipe.first().recv()).isEqualTo(2);
        }
    }

    @Test
    void bytes_ofBuffersSegmentsAndPartsOfArrays() throws Exception {
        try (Pipe pipe = duplex();
                Arena arena = Arena.ofConfined()) {
            Connection to = pipe.first();
            Connection from = pipe.second();
            to.sendBytes(new byte[] {1, 2, 3, 4}, 1, 2);
            assertThat(from.recvBytes()).containsExactly(2, 3);
            assertThatThrownBy(() -> to.sendBytes(new byte[4], 3, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            ByteBuffer buffer = ByteBuffer.allocateDirect(10).put(new byte[] {5, 6, 7}).flip();
            to.sendBytes(buffer.position(1));
            assertThat(buffer.hasRemaining()).isFalse();
            MemorySegment segment = arena.allocate(3);
            assertThat(from.recvBytes(segment)).isEqualTo(2);
            assertThat(segment.asSlice(0, 2).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                    .containsExactly(6, 7);
            to.sendBytes(segment);
            assertThat(from.recvBytes()).containsExactly(6, 7, 0);
            assertThat(from.poll()).isFalse();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null is refused
    void whatCannotBeEncoded_isNotSent_andWhatCannotBeDecoded_isGone() throws Exception {
        try (Pipe pipe = duplex()) {
            assertThatThrownBy(() -> pipe.first().send(new Object()))
                    .isInstanceOf(MessageEncodingException.class)
                    .hasMessageContaining("java.lang.Object");
            assertThatThrownBy(() -> pipe.first().send(null))
                    .isInstanceOf(NullPointerException.class);
            assertThat(pipe.second().poll()).isFalse();
            pipe.first().sendBytes(new byte[] {99});
            pipe.first().send("after");
            assertThatThrownBy(() -> pipe.second().recv())
                    .isInstanceOf(MessageDecodingException.class);
            assertThatThrownBy(() -> pipe.second().recv(Integer.class))
                    .isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    void anotherCodec_isUsedAtBothEnds() throws Exception {
        PipeOptions options = PipeOptions.defaults().codec(Codec.longs());
        try (Pipe pipe = Pipe.oneWay(region, options)) {
            pipe.second().send(5L);
            assertThat(pipe.first().recv()).isEqualTo(5L);
            pipe.second().send(5L);
            assertThat(pipe.first().recvBytes()).hasSize(8);
            assertThatThrownBy(() -> pipe.second().send("x"))
                    .isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    void impossibleOptions_areRefused() {
        for (int capacity : new int[] {0, -1, Integer.MAX_VALUE})
            assertThatThrownBy(() -> PipeOptions.defaults().capacity(capacity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + capacity);
    }

    @Test
    void theSmallestPipe_carriesAnyMessage() throws Exception {
        PipeOptions smallest = PipeOptions.defaults().capacity(1);
        try (Pipe pipe = Pipe.oneWay(region, smallest)) {
            Connection sender = pipe.second();
            ChildProcess<Void> child = ChildProcess.start(() -> sender.sendBytes(new byte[20_000]));
            assertThat(pipe.first().recvBytes()).hasSize(20_000);
            child.join();
        }
    }

    @Test
    void aChild_hasAnEndOfItsOwn_alsoIfTheParentClosesItsAtOnce() throws Exception {
        try (Pipe pipe = duplex()) {
            Connection there = pipe.second();
            ChildProcess<Void> child =
                    ChildProcess.start(() -> {
                        there.send("hello " + there.recv());
                    });
            there.close();
            pipe.first().send("parent");
            assertThat(pipe.first().recv()).isEqualTo("hello parent");
            assertThatThrownBy(() -> pipe.first().recv())
                    .isInstanceOf(ConnectionClosedException.class);
            child.join();
        }
    }

    @Test
    void aChildThatDiesBeforeItHasItsEnd_isTheEnd() throws Exception {
        try (Pipe pipe = duplex()) {
            Connection there = pipe.second();
            ChildProcess<Void> child =
                    ChildProcess.of((Action) () -> there.recv()).jvmOptions("-Xmx0z").start();
            there.close();
            assertThatThrownBy(() -> pipe.first().recv())
                    .isInstanceOf(ConnectionClosedException.class);
            child.join();
        }
    }

    @Test
    void aTaskThatCannotBeSent_holdsNothing() throws Exception {
        try (Pipe pipe = duplex()) {
            Connection there = pipe.second();
            Object unserializable = new Object();
            assertThatThrownBy(() ->
                            ChildProcess.start(() -> {
                                there.recv();
                                unserializable.notifyAll();
                            }))
                    .isInstanceOf(TaskNotSerializableException.class);
            there.close();
            assertThat(pipe.first().poll()).isTrue();
        }
    }

    /** A connection and what belongs to it. */
    private record Letter(String text, Connection reply) implements Serializable {}

    private static void answer(Connection letters) throws InterruptedException {
        Letter letter = letters.recv(Letter.class);
        try (Connection reply = letter.reply()) {
            reply.send(letter.text() + " answered");
        }
    }

    @Test
    void connections_travelThroughPipesAndQueues() throws Exception {
        SharedQueue<Connection> queue = region.queue(QueueOptions.capacity(2));
        try (Pipe letters = Pipe.oneWay(region);
                Pipe reply = Pipe.oneWay(region)) {
            Connection receiver = letters.first();
            ChildProcess<Void> child = ChildProcess.start(() -> answer(receiver));
            letters.second().send(new Letter("letter", reply.second()));
            reply.second().close();
            assertThat(reply.first().recv()).isEqualTo("letter answered");
            assertThatThrownBy(() -> reply.first().recv())
                    .isInstanceOf(ConnectionClosedException.class);
            child.join();
            queue.put(reply.first());
            try (Connection arrived = queue.take()) {
                assertThat(arrived.poll()).isTrue();
            }
        }
    }

    @Test
    void aMessageThatIsNotSent_holdsNothingOnItsWay() throws Exception {
        try (Pipe full = duplex();
                Pipe carried = duplex()) {
            full.first().sendBytes(new byte[CAPACITY - 16]);
            assertThat(full.first().send(carried.second(), Duration.ZERO)).isFalse();
            carried.second().close();
            assertThat(carried.first().poll(Duration.ofMinutes(1))).isTrue();
            assertThatThrownBy(() -> carried.first().recv())
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void whatArrivesAfterTheEnd_isClosed() throws Exception {
        try (Pipe pipe = duplex();
                Pipe carried = duplex()) {
            pipe.first().send(carried.second());
            byte[] copy = pipe.second().recvBytes();
            try (Connection arrived =
                    (Connection) Codec.objects().read(MemorySegment.ofArray(copy))) {
                assertThat(arrived.isClosed()).isFalse();
            }
            carried.second().close();
            assertThat(carried.first().poll()).isTrue(); // the end was seen
            Connection late = (Connection) Codec.objects().read(MemorySegment.ofArray(copy));
            assertThat(late.isClosed()).isTrue();
            assertThatThrownBy(() -> late.send(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pipe.first().send(late)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void aProcessKilledInTheMiddleOfALargeMessage_leavesNoPartOfIt() throws Exception {
        try (Pipe pipe = Pipe.oneWay(region, PipeOptions.defaults().capacity(CAPACITY))) {
            Connection sender = pipe.second();
            ChildProcess<Void> child = ChildProcess.start(() -> sender.sendBytes(new byte[LARGE]));
            Watchdog.await("it waits in the middle", () -> waiters() == 1);
            child.kill();
            child.join();
            try (Crew crew = new Crew(Crew.Place.THREADS)) { // the pipe is full
                Crew.Promise<?> sent = crew.hire().begin(() -> sender.send("whole"));
                assertThat(pipe.first().recv()).isEqualTo("whole");
                sent.join();
            }
            sender.close();
            assertThatThrownBy(() -> pipe.first().recv())
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }

    private int waiters() {
        return region.objects().stream().mapToInt(object -> object.waiters().size()).sum();
    }

    @Test
    void toString_andObjects_tellWhatThereIs() {
        try (Pipe pipe = duplex()) {
            assertThat(pipe.first())
                    .hasToString("Connection to the first end of a pipe in region 'pipes'");
            assertThat(region.objects()).extracting(ObjectInfo::type).contains("Pipe");
            pipe.second().close();
            assertThat(region.objects())
                    .extracting(ObjectInfo::state)
                    .containsAnyOf("duplex, second end closed");
            assertThat(pipe.second().toString()).endsWith(", closed");
        }
    }

    @Test
    void anEnd_hasNoMoreHoldersThanItCanCount() throws Exception {
        try (Pipe pipe = duplex();
                Pipe other = Pipe.oneWay(region, PipeOptions.defaults().capacity(4 << 20))) {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 600; i++)
                                    other.second().send(List.of(pipe.second()));
                            })
                    .hasStackTraceContaining("510 holders");
        }
    }
}
