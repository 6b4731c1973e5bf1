package dev.interlock.internal.socket;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Two programs prove to each other that they have the same key, without telling it. */
final class Handshake {
    /*
     * Messages    connector                                       listener
     *             MAGIC | random C                    --------->
     *                                                 <---------  MAGIC | random L | HMAC(key, "listener" C L)
     *             HMAC(key, "connector" C L)          --------->
     *                                                 <---------  WELCOME
     * All have a fixed length, so what is read is bounded, as is the time. A proof names the role, so sending back what one got proves
     * nothing; and both randoms, so an old proof does not either. The connector proves nothing to who has not proved itself.
     * HMAC with SHA-256; the key is the hash of the user's, which may have any length. As ISO 9798-4's mutual authentication in three passes.
     */
    private static final byte[] MAGIC = "ILKCONN1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LISTENER = "listener".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECTOR = "connector".getBytes(StandardCharsets.US_ASCII);
    private static final int RANDOM_BYTES = 32;
    private static final int PROOF_BYTES = 32;
    private static final byte WELCOME = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SocketChannel channel;
    private final Watch watch;
    private final SecretKeySpec key;
    private final long deadlineNanos;

    Handshake(SocketChannel channel, Watch watch, byte[] key, long deadlineNanos) {
        this.channel = channel;
        this.watch = watch;
        this.key = new SecretKeySpec(sha256(key), "HmacSHA256");
        this.deadlineNanos = deadlineNanos;
    }

    /** The other side has another key, or speaks another language. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Does the listener's part, but for {@link #welcome}.
     *
     * @throws IOException if the other side did not prove itself
     */
    void listen() throws IOException, InterruptedException, TimeoutException {
        byte[] theirs = readHello();
        byte[] ours = random();
        write(MAGIC, ours, proof(LISTENER, theirs, ours));
        requireEqual(read(PROOF_BYTES), proof(CONNECTOR, theirs, ours));
    }

    /** Tells the other side that it was accepted. */
    void welcome() throws IOException, InterruptedException, TimeoutException {
        write(new byte[] {WELCOME});
    }

    /**
     * Does the connector's part.
     *
     * @throws IOException if the other side did not prove itself, or did not accept the proof
     */
    void connect() throws IOException, InterruptedException, TimeoutException {
        byte[] ours = random();
        write(MAGIC, ours);
        byte[] theirs = readHello();
        requireEqual(read(PROOF_BYTES), proof(LISTENER, ours, theirs));
        write(proof(CONNECTOR, ours, theirs));
        if (read(1)[0] != WELCOME) throw new Refused("it does not welcome");
    }

    private static byte[] random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private byte[] readHello() throws IOException, InterruptedException, TimeoutException {
        if (!MessageDigest.isEqual(read(MAGIC.length), MAGIC))
            throw new Refused("it speaks another language");
        return read(RANDOM_BYTES);
    }

    /* In constant time. */
    private static void requireEqual(byte[] proof, byte[] expected) throws Refused {
        if (!MessageDigest.isEqual(proof, expected)) throw new Refused("it has another key");
    }

    private byte[] proof(byte[] role, byte[] connectors, byte[] listeners) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(role);
            mac.update(connectors);
            return mac.doFinal(listeners);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private byte[] read(int count) throws IOException, InterruptedException, TimeoutException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) { // until all is there
            int read = channel.read(buffer);
            if (read < 0) throw new EOFException("it closed the connection");
            if (read == 0) await(SelectionKey.OP_READ);
        }
        return buffer.array();
    }

    private void write(byte[]... parts) throws IOException, InterruptedException, TimeoutException {
        int sum = 0;
        for (byte[] part : parts) sum += part.length;
        ByteBuffer buffer = ByteBuffer.allocate(sum);
        for (byte[] part : parts) buffer.put(part);
        buffer.flip();
        while (buffer.hasRemaining()) { // until all is on its way
            if (channel.write(buffer) == 0) await(SelectionKey.OP_WRITE);
        }
    }

    /* Looks at the clock each time, or one who sends a byte now and then could go on for ever. */
    private void await(int operation) throws InterruptedException, TimeoutException {
        boolean told = watch.await(operation, deadlineNanos);
        if (!told || System.nanoTime() >= deadlineNanos)
            throw new TimeoutException("it took too long");
    }
}
