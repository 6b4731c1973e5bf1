package dev.interlock.bench.transport;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongConsumer;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/** Chronicle Queue, which keeps all messages in files. */
final class ChronicleFiles implements Transport {
    private final ChronicleQueue queue;
    private final byte[] rest;
    private @Nullable ExcerptAppender appender; // made by the thread that uses it
    private @Nullable ExcerptTailer tailer; // made by the thread that uses it

    ChronicleFiles(Path directory, int bytes) {
        this.queue = ChronicleQueue.single(directory.toString());
        this.rest = new byte[bytes - Long.BYTES];
    }

    @Override
    public boolean offer(long number) {
        if (appender == null) appender = queue.createAppender();
        try (DocumentContext document = appender.writingDocument()) {
            bytes(document).writeLong(number).write(rest);
        }
        return true;
    }

    @Override
    public int poll(LongConsumer to) {
        if (tailer == null) tailer = queue.createTailer();
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) return 0;
            long number = bytes(document).readLong();
            if (rest.length > 0) bytes(document).read(rest);
            to.accept(number);
            return 1;
        }
    }

    private static Bytes<?> bytes(DocumentContext document) {
        return Objects.requireNonNull(document.wire()).bytes();
    }
}
