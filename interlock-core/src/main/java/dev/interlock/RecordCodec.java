package dev.interlock;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.foreign.MemorySegment;

/**
 * A codec for records of primitives, which lie in a message as {@link RecordLayout} has them in shared records.
 *
 * @param <R> the records
 */
final class RecordCodec<R extends Record> implements Codec<R> {
    private static final long serialVersionUID = 1L;

    private final Class<R> type;
    private transient RecordLayout<R> layout;

    RecordCodec(Class<R> type) {
        this.type = type;
        this.layout = RecordLayout.of(type);
    }

    @Override
    public long bytes(R message) {
        return layout.cellBytes();
    }

    @Override
    public void write(R message, MemorySegment to) {
        RecordLayout.writeCells(to, 0, layout.toCells(message));
    }

    @Override
    public R read(MemorySegment from) {
        return layout.fromCells(layout.readCells(from, 0));
    }

    @Override
    public String name() {
        return layout.shape().described();
    }

    /**
     * Finds the class's layout again.
     *
     * @param in the stream
     * @throws IOException if it cannot be read
     * @throws ClassNotFoundException if the record's class is not here
     */
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        layout = RecordLayout.of(type);
    }
}
