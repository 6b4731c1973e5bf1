package dev.interlock.bench.transport;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Aeron's streams within one machine, written and read in place. Its media driver is a thread of the JVM that sends first. */
final class AeronIpc implements Transport {
    private static final String CHANNEL = "aeron:ipc";
    private static final int MOST_AT_ONCE = 256;
    private static final int TERM_BYTES = 1 << 20;

    /* When one takes the other for dead: on a busy machine a JVM may need more than the usual ten seconds to start. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static @Nullable Aeron client; // one for each JVM

    private final int bytes;
    private final byte[] rest;
    private final Aeron aeron;
    private final int stream;
    private @Nullable Publication publication; // made by who sends
    private @Nullable Subscription
            subscription; // made by who receives: one that nobody polls stops the stream
    private final BufferClaim claim = new BufferClaim();
    private LongConsumer receiver = _ -> {}; // between poll and read
    private final FragmentHandler reader = this::read;

    AeronIpc(Path directory, int bytes, int way, boolean isFirst) {
        this.aeron = connect(directory, isFirst);
        this.stream = way + 1;
        this.bytes = bytes;
        this.rest = new byte[bytes - Long.BYTES];
    }

    private static synchronized Aeron connect(Path directory, boolean isFirst) {
        if (client != null) return client;
        if (isFirst)
            MediaDriver.launch(
                    new MediaDriver.Context()
                            .aeronDirectoryName(directory.toString())
                            .threadingMode(ThreadingMode.SHARED)
                            .clientLivenessTimeoutNs(PATIENCE.toNanos())
                            .publicationUnblockTimeoutNs(2 * PATIENCE.toNanos())
                            .ipcTermBufferLength(TERM_BYTES));
        Aeron connected =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(directory.toString())
                                .driverTimeoutMs(PATIENCE.toMillis()));
        client = connected;
        return connected;
    }

    @Override
    public boolean offer(long number) {
        if (publication == null) publication = aeron.addPublication(CHANNEL, stream);
        if (publication.tryClaim(bytes, claim) < 0) return false;
        claim.buffer().putLong(claim.offset(), number);
        if (rest.length > 0) claim.buffer().putBytes(claim.offset() + Long.BYTES, rest);
        claim.commit();
        return true;
    }

    @Override
    public int poll(LongConsumer to) {
        if (subscription == null) subscription = aeron.addSubscription(CHANNEL, stream);
        receiver = to;
        return subscription.poll(reader, MOST_AT_ONCE);
    }

    private void read(DirectBuffer buffer, int index, int length, Header header) {
        if (rest.length > 0) buffer.getBytes(index + Long.BYTES, rest);
        receiver.accept(buffer.getLong(index));
    }
}
