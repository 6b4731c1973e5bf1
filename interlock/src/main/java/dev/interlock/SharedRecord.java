package dev.interlock;

/** A record of primitives in shared memory. @param <R> the record */
public final class SharedRecord<R extends Record> implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedRecord() {}

    public R get() { throw new UnsupportedOperationException(); }
    public void set(R value) { throw new UnsupportedOperationException(); }
    public R update(java.util.function.UnaryOperator<R> update) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
