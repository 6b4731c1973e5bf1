package dev.interlock.examples.words;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/** Fails at the end of the stream if what was read has not the expected checksum: {@code ZipFile} itself does not look. */
final class ChecksummedStream extends CheckedInputStream {
    private final long expected;

    ChecksummedStream(InputStream in, long expected) {
        super(in, new CRC32());
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        if (b < 0) {
            requireExpectedSum();
        }
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count < 0) {
            requireExpectedSum();
        }
        return count;
    }

    private void requireExpectedSum() throws ZipException {
        if (getChecksum().getValue() != expected) {
            throw new ZipException("its content is damaged (checksum mismatch)");
        }
    }
}
