package dev.interlock;

import dev.interlock.internal.socket.Connector;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Connects with a {@link Listener} of another program, as Python's {@code multiprocessing.connection.Client}.
 *
 * <p>The connection is a {@link Connection} as any other, with two differences. It belongs to its process and cannot be sent to others. And as
 * there is a socket between, a {@code send} that time or an interrupt ends in the middle of a message closes it; one that ends before does
 * not. Messages may have any length; memory for them is taken as they come.
 */
public final class Connections {
    private static final Duration USUAL = Duration.ofSeconds(10);

    private Connections() {}

    /**
     * Connects with a listener that has no key.
     *
     * @param path where it listens
     * @return the connection
     * @throws ConnectionFailedException if nobody listens there, or does not answer within ten seconds
     * @throws AuthenticationException if it has a key, or belongs to another user
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public static Connection connect(Path path) throws InterruptedException {
        return connect(path, new byte[0]);
    }

    /**
     * Connects with a listener. Both sides prove that they have the key.
     *
     * @param path where it listens
     * @param key the listener's
     * @return the connection
     * @throws ConnectionFailedException if nobody listens there, or does not answer within ten seconds, or has too many clients
     * @throws AuthenticationException if it has another key, or belongs to another user
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public static Connection connect(Path path, byte[] key) throws InterruptedException {
        return connect(path, key, Codec.objects(), USUAL);
    }

    /**
     * Connects with a listener, in that time; see {@link #connect(Path, byte[])}.
     *
     * @param path where it listens
     * @param key the listener's
     * @param codec the listener's
     * @param timeout how long to wait for its answer
     * @return the connection
     * @throws ConnectionFailedException if nobody listens there, or does not answer in time, or has too many clients
     * @throws AuthenticationException if it has another key, or belongs to another user
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public static Connection connect(Path path, byte[] key, Codec<?> codec, Duration timeout)
            throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        long deadline = Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout)));
        return new SocketConnection(Connector.connect(path, key, deadline), codec, path.toString());
    }
}
