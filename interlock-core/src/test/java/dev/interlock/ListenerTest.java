package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs that meet at a socket, and those who should not get in; after Python's tests for Listener, Client, authentication, Connection
 * and wait.
 */
@ExtendWith(Crew.Dismissal.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final byte[] KEY = "a key".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int LARGE = 3 << 20;

    @TempDir Path directory;

    private Path path() {
        return directory.resolve("s");
    }

    /** Both sides of a connection. */
    private record Both(Listener listener, Connection client, Connection server)
            implements AutoCloseable {
        static Both at(Path path) throws InterruptedException {
            Listener listener = Listener.open(path, KEY);
            Connection client = Connections.connect(path, KEY);
            return new Both(listener, client, listener.accept());
        }

        @Override
        public void close() {
            client.close();
            server.close();
            listener.close();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void programsThatHaveTheKey_talk(Crew.Place place) throws Exception {
        String path = path().toString();
        try (Listener listener = Listener.open(path(), KEY);
                Crew crew = new Crew(place)) {
            Crew.Promise<String> answer =
                    crew.hire()
                            .start(() -> {
                                try (Connection connection =
                                        Connections.connect(Path.of(path), KEY)) {
                                    connection.send(List.of("hello", 1));
                                    connection.sendBytes(connection.recvBytes());
                                    return connection.recv(String.class);
                                }
                            });
            try (Connection client = listener.accept()) {
                assertThat(client.recv()).isEqualTo(List.of("hello", 1));
                client.sendBytes(bytes(LARGE));
                assertThat(Arrays.equals(client.recvBytes(), bytes(LARGE))).isTrue();
                client.send("bye");
                assertThat(answer.join()).isEqualTo("bye");
                assertThatThrownBy(client::recv).isInstanceOf(ConnectionClosedException.class);
                assertThat(client.poll()).isTrue();
            }
            assertThat(listener.refused()).isZero();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutAKey_theUserIsEnough() throws Exception {
        try (Listener listener = Listener.open(path());
                Connection client = Connections.connect(path());
                Connection server = listener.accept()) {
            client.send(1);
            assertThat(server.recv()).isEqualTo(1);
            assertThat(listener.accept(Duration.ZERO)).isNull();
        }
    }

    @Test
    void aClient_mayConnectAndSend_beforeItIsAccepted() throws Exception {
        try (Listener listener = Listener.open(path(), KEY);
                Connection client = Connections.connect(path(), KEY)) {
            client.send("early");
            try (Connection server = listener.accept()) {
                assertThat(server.poll(LONG)).isTrue();
                assertThat(server.recv()).isEqualTo("early");
            }
        }
    }

    @Test
    void otherKeys_areRefused_onBothSides() throws Exception {
        try (Listener listener = Listener.open(path(), KEY)) {
            for (byte[] key :
                    new byte[][] {{}, {0}, "another key".getBytes(StandardCharsets.UTF_8)})
                assertThatThrownBy(() -> Connections.connect(path(), key))
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("another key");
            Watchdog.await("all are refused", () -> listener.refused() == 3);
            requireOpenFor(listener);
        }
    }

    /* Somebody who has the key gets in. */
    private void requireOpenFor(Listener listener) throws InterruptedException {
        try (Connection client = Connections.connect(path(), KEY);
                Connection server = listener.accept()) {
            client.send("x");
            assertThat(server.recv()).isEqualTo("x");
        }
    }

    private SocketChannel stranger() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    @Test
    void whoSendsBackWhatItGot_isRefused() throws Exception {
        try (Listener listener = Listener.open(path(), KEY);
                SocketChannel mirror = stranger()) {
            ByteBuffer hello = ByteBuffer.allocate(40);
            hello.put("ILKCONN1".getBytes(StandardCharsets.US_ASCII)).rewind();
            mirror.write(hello);
            ByteBuffer answer = ByteBuffer.allocate(72);
            while (answer.hasRemaining()) mirror.read(answer);
            mirror.write(answer.flip().position(40)); // its proof
            assertThat(mirror.read(ByteBuffer.allocate(1))).isNegative();
            Watchdog.await("it is refused", () -> listener.refused() == 1);
            requireOpenFor(listener);
        }
    }

    @Test
    void garbage_isRefused() throws Exception {
        System.out.println("garbage: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        int clients = 200;
        try (Listener listener = Listener.open(path(), KEY)) {
            for (int i = 0; i < clients; i++) {
                try (SocketChannel client = stranger()) {
                    byte[] garbage = new byte[random.nextInt(1, 200)];
                    random.nextBytes(garbage);
                    if (random.nextBoolean())
                        System.arraycopy(
                                "ILKCONN1".getBytes(StandardCharsets.US_ASCII),
                                0,
                                garbage,
                                0,
                                Math.min(8, garbage.length));
                    client.write(ByteBuffer.wrap(garbage));
                } catch (IOException refusedMeanwhile) {
                    // as it is to be
                }
                if (i % 50 == 0) requireOpenFor(listener);
            }
            Watchdog.await("all are refused", () -> listener.refused() >= clients);
            assertThat(listener.refused()).isEqualTo(clients);
            requireOpenFor(listener);
        }
    }

    @Test
    void slowClients_holdUpNobody_andAreClosed() throws Exception {
        List<SocketChannel> slow = new ArrayList<>();
        try (Listener listener = Listener.open(path(), KEY)) {
            for (int i = 0; i < 100; i++) {
                SocketChannel client = stranger();
                slow.add(client);
                if (i % 2 == 0) client.write(ByteBuffer.wrap(new byte[] {'I', 'L', 'K'}));
            }
            for (int i = 0; i < 10; i++) requireOpenFor(listener);
            Watchdog.await("all are refused", () -> listener.refused() >= 100);
            for (SocketChannel client : slow) assertThat(isClosed(client)).isTrue();
            requireOpenFor(listener);
        } finally {
            for (SocketChannel client : slow) client.close();
        }
    }

    /* Returns when it is. */
    private static boolean isClosed(SocketChannel client) {
        try {
            ByteBuffer rest = ByteBuffer.allocate(1000);
            while (client.read(rest) >= 0) rest.clear(); // until the end
        } catch (IOException reset) {
            // as it is to be
        }
        return true;
    }

    @Test
    void moreClientsThanCanWait_areRefused_andOthersGetInLater() throws Exception {
        List<Connection> clients = new ArrayList<>();
        try (Listener listener = Listener.open(path(), KEY)) {
            try {
                while (clients.size() < 1000) clients.add(Connections.connect(path(), KEY));
            } catch (ConnectionFailedException full) {
                // as it is to be
            }
            assertThat(clients).hasSize(64);
            for (int i = 0; i < 64; i++) listener.accept().close();
            requireOpenFor(listener);
        } finally {
            clients.forEach(Connection::close);
        }
    }

    @Test
    void aMessageThatSaysItIsHuge_takesNoMemory_andANegativeOneIsTheEnd() throws Exception {
        try (Listener listener = Listener.open(path());
                Fake huge = new Fake(path(), Long.MAX_VALUE);
                Connection first = listener.accept();
                Fake large = new Fake(path(), Integer.MAX_VALUE - 10);
                Connection second = listener.accept();
                Fake negative = new Fake(path(), -1);
                Connection third = listener.accept()) {
            assertThatThrownBy(first::recv)
                    .isInstanceOfSatisfying(
                            BufferTooSmallException.class,
                            e -> assertThat(e.messageBytes()).isEqualTo(Long.MAX_VALUE));
            assertThat(second.poll(LONG)).isTrue();
            assertThat(second.recvBytes(Duration.ofMillis(10))).isNull();
            large.channel.close();
            assertThatThrownBy(second::recv).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(third::recv).isInstanceOf(IllegalStateException.class);
            assertThat(huge.channel.isOpen() && negative.channel.isOpen()).isTrue();
        }
    }

    /** A client that knows the protocol and sends what it likes. */
    private static final class Fake implements AutoCloseable {
        final SocketChannel channel;

        Fake(Path path, long length) throws Exception {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            byte[] ours = new byte[32];
            byte[] magic = "ILKCONN1".getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.allocate(40).put(magic).put(ours).flip());
            ByteBuffer answer = ByteBuffer.allocate(72);
            while (answer.hasRemaining()) channel.read(answer);
            byte[] theirs = Arrays.copyOfRange(answer.array(), 8, 40);
            byte[] key = java.security.MessageDigest.getInstance("SHA-256").digest(new byte[0]);
            var mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
            mac.update("connector".getBytes(StandardCharsets.US_ASCII));
            mac.update(ours);
            channel.write(ByteBuffer.wrap(mac.doFinal(theirs)));
            ByteBuffer welcome = ByteBuffer.allocate(1);
            channel.read(welcome);
            channel.write(ByteBuffer.allocate(8).putLong(length).flip());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void aSecondListener_isRefused_untilTheFirstIsClosed() throws Exception {
        try (Listener first = Listener.open(path(), KEY)) {
            assertThatThrownBy(() -> Listener.open(path(), KEY))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("another listener");
            String path = path().toString();
            ChildProcess<Boolean> child =
                    ChildProcess.start(() -> {
                        try {
                            Listener.open(Path.of(path)).close();
                            return true;
                        } catch (ConnectionFailedException refused) {
                            return false;
                        }
                    });
            assertThat(child.get()).isFalse();
            requireOpenFor(first);
        }
        Listener.open(path(), KEY).close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatAKilledListenerLeft_isNoObstacle() throws Exception {
        String path = path().toString();
        ChildProcess<Void> child =
                ChildProcess.start(() -> {
                    try (Listener listener = Listener.open(Path.of(path), KEY)) {
                        listener.accept().recv();
                    }
                });
        Watchdog.await("it listens", () -> isListening());
        try (Connection client = Connections.connect(path(), KEY)) {
            child.kill();
            child.join();
            assertThatThrownBy(client::recv).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> client.send(1)).isInstanceOf(ConnectionClosedException.class);
        }
        assertThat(path()).exists();
        assertThatThrownBy(() -> Connections.connect(path(), KEY))
                .isInstanceOf(ConnectionFailedException.class);
        try (Listener listener = Listener.open(path(), KEY)) {
            requireOpenFor(listener);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private boolean isListening() {
        try (SocketChannel probe = stranger()) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void foreignSocketsAndFiles_areNotTouched() throws Exception {
        try (var foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(path()));
            assertThatThrownBy(() -> Listener.open(path()))
                    .isInstanceOf(ConnectionFailedException.class);
            assertThat(isListening()).isTrue();
        }
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatThrownBy(() -> Listener.open(file))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("no socket");
        assertThat(file).hasContent("text");
    }

    @Test
    void impossiblePaths_areRefused() {
        for (Path path :
                List.of(
                        directory.resolve("x".repeat(200)),
                        directory.resolve("missing/s"),
                        Path.of("/"),
                        directory)) {
            assertThatThrownBy(() -> Listener.open(path))
                    .isInstanceOf(ConnectionFailedException.class);
            assertThatThrownBy(() -> Connections.connect(path))
                    .isInstanceOf(ConnectionFailedException.class);
        }
    }

    @Test
    void whatListensButDoesNotAnswer_isGivenUp() throws Exception {
        try (var foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(path()));
            Duration soon = Duration.ofMillis(30);
            assertThatThrownBy(() -> Connections.connect(path(), KEY, Codec.objects(), soon))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("in time");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROCESSES")
    void waitsEnd_byTime_byInterrupts_andByClosing(Crew.Place place) throws Exception {
        try (Both both = Both.at(path());
                Crew crew = new Crew(place)) {
            Connection server = both.server();
            assertThat(server.recv(Duration.ofMillis(1))).isNull();
            assertThat(server.poll(Duration.ofMillis(1))).isFalse();
            assertThat(server.poll()).isFalse();
            Crew.Actor actor = crew.hire();
            AtomicBoolean begun = new AtomicBoolean();
            Crew.Promise<?> received =
                    actor.start(() -> {
                        begun.set(true);
                        return server.recv();
                    });
            Watchdog.await("it begins", begun::get);
            actor.interrupt();
            assertThatThrownBy(received::join).isInstanceOf(InterruptedException.class);
            both.client().send("still there");
            assertThat(server.recv()).isEqualTo("still there");
            Crew.Promise<?> again = actor.start(() -> server.recv());
            Crew.Promise<?> accepted = crew.hire().start(() -> both.listener().accept());
            server.close();
            assertThatThrownBy(again::join).isInstanceOf(IllegalStateException.class);
            both.listener().close();
            assertThatThrownBy(accepted::join).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> both.client().recv())
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void aLargeMessage_canBeReceived_afterItsReceiverGaveUpInTheMiddle() throws Exception {
        try (Both both = Both.at(path());
                Crew crew = new Crew(Crew.Place.THREADS)) {
            Crew.Promise<?> sent = crew.hire().begin(() -> both.client().sendBytes(bytes(LARGE)));
            ByteBuffer small = ByteBuffer.allocate(LARGE - 1);
            assertThatThrownBy(() -> both.server().recvBytes(small))
                    .isInstanceOf(BufferTooSmallException.class);
            ByteBuffer into = ByteBuffer.allocate(LARGE);
            while (both.server().recvBytes(into, Duration.ofMillis(1)) < 0) Thread.onSpinWait();
            assertThat(into.flip().equals(ByteBuffer.wrap(bytes(LARGE)))).isTrue();
            sent.join();
        }
    }

    @Test
    void aSendThatEndsInTheMiddle_closesTheConnection() throws Exception {
        try (Both both = Both.at(path())) {
            assertThatThrownBy(() ->
                            both.client()
                                    .sendBytes(ByteBuffer.allocate(LARGE), Duration.ofMillis(1)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(both.client().isClosed()).isTrue();
            assertThatThrownBy(() -> both.server().recvBytes())
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void waitSet_waitsForConnectionsAndListeners() throws Exception {
        try (Both both = Both.at(path());
                Crew crew = new Crew(Crew.Place.THREADS)) {
            List<Waitable> all = List.of(both.listener(), both.client(), both.server());
            assertThat(WaitSet.any(Duration.ZERO, all)).isEmpty();
            Crew.Promise<List<Waitable>> ready = crew.hire().start(() -> WaitSet.any(all));
            both.client().send("x");
            assertThat(ready.join()).containsExactly(both.server());
            assertThat(both.server().recv()).isEqualTo("x");
            Crew.Promise<List<Waitable>> more = crew.hire().start(() -> WaitSet.any(all));
            try (Connection _ = Connections.connect(path(), KEY)) {
                assertThat(more.join()).containsExactly(both.listener());
                both.listener().accept().close();
            }
            both.server().close();
            assertThat(WaitSet.any(both.client())).containsExactly(both.client());
        }
    }

    @Test
    void aSocketsConnection_doesNotTravel() throws Exception {
        try (Both both = Both.at(path());
                Pipe pipe = Pipe.oneWay()) {
            assertThatThrownBy(() -> pipe.second().send(both.client()))
                    .isInstanceOf(MessageEncodingException.class)
                    .hasMessageContaining("belongs to its process");
        }
    }
}
