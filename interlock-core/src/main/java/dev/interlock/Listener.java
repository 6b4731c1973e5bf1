package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.socket.Acceptor;
import dev.interlock.internal.socket.MessageSocket;
import dev.interlock.internal.sync.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waits for programs that share no {@link Region} to connect, at a Unix-domain socket: as Python's
 * {@code multiprocessing.connection.Listener}. They call {@link Connections#connect}.
 *
 * <pre>{@code
 * try (Listener listener = Listener.open(path, key);
 *         Connection client = listener.accept()) {
 *     client.send("hello");
 * }
 * }</pre>
 *
 * <p><b>Who gets in.</b> Only processes of the same user, which the kernel tells, and of those only who has the key: both sides prove that
 * they have it without telling it. A client that does not within five seconds, or that sends anything else, is closed, and others are not
 * held up by it: who they are is found out in the background, while nobody waits in {@link #accept()}, too. At most 64 clients at a time
 * can be strangers, then the oldest is closed; at most 64 that have proved themselves can wait to be accepted, then more are.
 *
 * <p><b>The path.</b> The file of the socket gets mode 0600, and is removed by {@link #close()}, with one beside it that is locked
 * while this listens ({@code ~lock}). What a killed listener left is no obstacle to the next. While one listens, a second is refused.
 *
 * <p>Listeners are safe for use by many threads. They do not travel to other processes.
 */
public final class Listener implements Waitable, AutoCloseable {
    private final Acceptor acceptor;
    private final Path path;
    private final Codec<?> codec;

    private Listener(Acceptor acceptor, Path path, Codec<?> codec) {
        this.acceptor = acceptor;
        this.path = path;
        this.codec = codec;
    }

    /**
     * Listens without a key: every process of this user gets in.
     *
     * @param path of the socket; at most about a hundred bytes
     * @return the listener
     * @throws ConnectionFailedException if another listens there, or that is not possible there
     */
    public static Listener open(Path path) {
        return open(path, new byte[0]);
    }

    /**
     * Listens, for messages of any objects.
     *
     * @param path of the socket; at most about a hundred bytes
     * @param key what clients must have, too; best some 32 random bytes
     * @return the listener
     * @throws ConnectionFailedException if another listens there, or that is not possible there
     */
    public static Listener open(Path path, byte[] key) {
        return open(path, key, Codec.objects());
    }

    /**
     * Listens.
     *
     * @param path of the socket; at most about a hundred bytes
     * @param key what clients must have, too; best some 32 random bytes
     * @param codec how objects become bytes; the client must use the same
     * @return the listener
     * @throws ConnectionFailedException if another listens there, or that is not possible there
     */
    public static Listener open(Path path, byte[] key, Codec<?> codec) {
        Objects.requireNonNull(codec, "codec");
        return new Listener(Acceptor.open(path, key), path, codec);
    }

    /**
     * Accepts a client that has proved itself, waiting for one if need be.
     *
     * @return a connection to it
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws IllegalStateException if this is closed, also while waiting
     */
    public Connection accept() throws InterruptedException {
        return Objects.requireNonNull(accept(Words.NEVER)); // as there is no end to the time
    }

    /**
     * Accepts a client that has proved itself, waiting for one at most that long.
     *
     * @param timeout how long; zero or less looks once
     * @return a connection to it; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws IllegalStateException if this is closed, also while waiting
     */
    public @Nullable Connection accept(Duration timeout) throws InterruptedException {
        return accept(Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    private @Nullable Connection accept(long deadlineNanos) throws InterruptedException {
        MessageSocket client = acceptor.accept(deadlineNanos);
        if (client != null) return new SocketConnection(client, codec, path.toString());
        if (acceptor.isClosed())
            throw new IllegalStateException(
                    "The listener at '" + path + "' is closed. Open another to go on.");
        return null;
    }

    /**
     * How many clients did not get in, whatever the reason.
     *
     * @return their number
     */
    public long refused() {
        return acceptor.refused();
    }

    /**
     * Where it listens.
     *
     * @return the path that it was opened with
     */
    public Path path() {
        return path;
    }

    /** Listens no more, and removes the socket. Clients that were not accepted see the end; those that were are not concerned. */
    @Override
    public void close() {
        acceptor.close();
    }

    Readiness readiness(AnyWord bell) {
        Runnable ring = bell::ring;
        acceptor.addBell(ring);
        return new Readiness() {
            @Override
            public boolean isReady() {
                return acceptor.isReady();
            }

            @Override
            public AnyWord.@Nullable Watched watched() {
                return null;
            }

            @Override
            public void close() {
                acceptor.removeBell(ring);
            }
        };
    }

    @Override
    public String toString() {
        return "Listener at '" + path + "'" + (acceptor.isClosed() ? ", closed" : "");
    }
}
