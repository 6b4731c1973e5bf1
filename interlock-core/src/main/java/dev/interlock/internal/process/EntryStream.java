package dev.interlock.internal.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;

/**
 * An entry of a report on its way into the file, see {@link ReportWriter}. What is written is never all in memory; an entry that is
 * not committed leaves the file as it was.
 */
final class EntryStream extends OutputStream {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HEAD_BYTES = 5; // kind, length

    private final RandomAccessFile file;
    private final byte kind;
    private final long start;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long written; // of the content
    private boolean committed;

    private EntryStream(RandomAccessFile file, byte kind, long start) {
        this.file = file;
        this.kind = kind;
        this.start = start;
    }

    /** The file failed, and not what was to be written to it. */
    static final class FileProblem extends IOException {
        private static final long serialVersionUID = 1L;
        private final long written;

        FileProblem(IOException cause, long written) {
            super(cause.getMessage(), cause);
            this.written = written;
        }

        /** How many bytes there was room for, about. */
        long written() {
            return written;
        }
    }

    /** Begins an entry behind what is in the file. */
    static EntryStream open(String name, byte kind) throws FileProblem {
        try {
            RandomAccessFile file = new RandomAccessFile(name, "rw");
            try {
                long start = file.length();
                EntryStream entry = new EntryStream(file, kind, start);
                file.seek(start);
                entry.writeToFile(new byte[] {kind, -1, -1, -1, -1}, 0, HEAD_BYTES);
                return entry;
            } catch (IOException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FileProblem(e, 0);
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, buffer.length - buffered);
            System.arraycopy(bytes, from + done, buffer, buffered, part);
            buffered += part;
            done += part;
            if (buffered == buffer.length) drain();
        }
    }

    private void drain() throws FileProblem {
        writeToFile(buffer, 0, buffered);
        written += buffered;
        buffered = 0;
    }

    /* In pieces: a native write first copies all that it is given into fresh memory. */
    private void writeToFile(byte[] bytes, int from, int length) throws FileProblem {
        try {
            file.write(bytes, from, length);
        } catch (IOException e) {
            throw new FileProblem(e, written);
        }
    }

    /** Ends the entry; from now on it counts. */
    void commit() throws IOException {
        drain();
        if (written > Integer.MAX_VALUE - 16)
            throw new IOException("it takes " + written + " bytes when serialized");
        writeToFile(new byte[] {(byte) ~kind}, 0, 1);
        try {
            file.seek(start + 1);
            file.writeInt((int) written);
        } catch (IOException e) {
            throw new FileProblem(e, written);
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        try {
            if (!committed) file.setLength(start); // gives the room back
        } finally {
            file.close();
        }
    }
}
