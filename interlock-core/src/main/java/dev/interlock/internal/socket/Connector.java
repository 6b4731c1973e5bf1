package dev.interlock.internal.socket;

import dev.interlock.AuthenticationException;
import dev.interlock.ConnectionFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/** Connects with a listener. */
public final class Connector {
    private static final long PAUSE_MILLIS = 5;

    private Connector() {}

    /**
     * Connects, and proves to have the key.
     *
     * @throws ConnectionFailedException if nobody listens there, or does not answer
     * @throws AuthenticationException if the listener has another key, or belongs to another user
     */
    public static MessageSocket connect(Path path, byte[] key, long deadlineNanos)
            throws InterruptedException {
        SocketChannel channel = null;
        boolean done = false;
        try {
            channel = reach(path, deadlineNanos);
            if (!Peer.isMine(channel)) throw foreign(path, channel);
            Watch watch = new Watch(channel);
            new Handshake(channel, watch, key, deadlineNanos).connect();
            done = true;
            return new MessageSocket(channel, watch);
        } catch (Handshake.Refused e) {
            throw new AuthenticationException(
                    "What listens at '"
                            + path
                            + "' did not prove who it is: "
                            + e.getMessage()
                            + ". Use the key that the listener was opened with.");
        } catch (TimeoutException e) {
            throw failed(
                    path,
                    "it did not answer in time",
                    "See what it is doing, or allow it more time.");
        } catch (EOFException e) {
            throw failed(
                    path,
                    String.valueOf(e.getMessage()),
                    "It refuses other users and other keys, and has a limit of clients that wait to be accepted.");
        } catch (IOException | UnsupportedOperationException e) {
            throw failed(
                    path,
                    String.valueOf(e.getMessage()),
                    "Open a listener there first, or check the path.");
        } finally {
            if (!done && channel != null) Sockets.close(channel);
        }
    }

    /* The kernel's line of those who wait may be full for a moment. */
    private static SocketChannel reach(Path path, long deadlineNanos)
            throws IOException, InterruptedException, TimeoutException {
        while (true) { // until connected, or out of time
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            boolean done = false;
            try {
                channel.configureBlocking(false);
                done = channel.connect(UnixDomainSocketAddress.of(path));
                if (done) return channel;
            } finally {
                if (!done) Sockets.close(channel);
            }
            if (System.nanoTime() >= deadlineNanos) throw new TimeoutException();
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static AuthenticationException foreign(Path path, SocketChannel channel)
            throws IOException {
        return new AuthenticationException(
                "What listens at '"
                        + path
                        + "' belongs to user '"
                        + Peer.user(channel).getName()
                        + "'. Connections are for processes of one user.");
    }

    private static ConnectionFailedException failed(Path path, String why, String advice) {
        return new ConnectionFailedException(
                "Cannot connect to '" + path + "': " + why + ". " + advice);
    }
}
