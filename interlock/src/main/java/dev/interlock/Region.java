package dev.interlock;

import java.nio.file.Path;
import java.util.List;

/** Shared memory. */
public final class Region implements AutoCloseable, java.io.Serializable {
    private static final long serialVersionUID = 1L;

    Region() {}

    public static Region open(String name) { throw new UnsupportedOperationException(); }
    public static Region open(String name, RegionOptions options) { throw new UnsupportedOperationException(); }
    public static Region create(String name) { throw new UnsupportedOperationException(); }
    public static Region create(String name, RegionOptions options) { throw new UnsupportedOperationException(); }
    public static Region attach(String name) { throw new UnsupportedOperationException(); }
    public static Region attach(String name, RegionOptions options) { throw new UnsupportedOperationException(); }
    public static Region temporary() { throw new UnsupportedOperationException(); }
    public static Region temporary(RegionOptions options) { throw new UnsupportedOperationException(); }
    public static List<RegionInfo> list() { throw new UnsupportedOperationException(); }
    public static List<RegionInfo> list(Path directory) { throw new UnsupportedOperationException(); }
    public static void unlink(String name) { throw new UnsupportedOperationException(); }
    public static void unlink(String name, RegionOptions options) { throw new UnsupportedOperationException(); }
    public String name() { throw new UnsupportedOperationException(); }
    public Path path() { throw new UnsupportedOperationException(); }
    public List<ObjectInfo> objects() { throw new UnsupportedOperationException(); }
    public List<ProcessInfo> processes() { throw new UnsupportedOperationException(); }
    public boolean isClosed() { throw new UnsupportedOperationException(); }
    @Override public void close() { throw new UnsupportedOperationException(); }
    public void unlink() { throw new UnsupportedOperationException(); }

    public SharedLock lock(String name) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
    public SharedLock lock(String name, LockOptions options) { throw new UnsupportedOperationException(); }
    public SharedLock lock(LockOptions options) { throw new UnsupportedOperationException(); }
    public SharedInt intValue(String name, int initial) { throw new UnsupportedOperationException(); }
    public SharedInt intValue(int initial) { throw new UnsupportedOperationException(); }
    public SharedLong longValue(String name, long initial) { throw new UnsupportedOperationException(); }
    public SharedLong longValue(long initial) { throw new UnsupportedOperationException(); }
    public SharedDouble doubleValue(String name, double initial) { throw new UnsupportedOperationException(); }
    public SharedDouble doubleValue(double initial) { throw new UnsupportedOperationException(); }
    public SharedBoolean booleanValue(String name, boolean initial) { throw new UnsupportedOperationException(); }
    public SharedBoolean booleanValue(boolean initial) { throw new UnsupportedOperationException(); }
    public SharedByteArray byteArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedByteArray byteArray(long length) { throw new UnsupportedOperationException(); }
    public SharedShortArray shortArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedShortArray shortArray(long length) { throw new UnsupportedOperationException(); }
    public SharedIntArray intArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedIntArray intArray(long length) { throw new UnsupportedOperationException(); }
    public SharedLongArray longArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedLongArray longArray(long length) { throw new UnsupportedOperationException(); }
    public SharedFloatArray floatArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedFloatArray floatArray(long length) { throw new UnsupportedOperationException(); }
    public SharedDoubleArray doubleArray(String name, long length) { throw new UnsupportedOperationException(); }
    public SharedDoubleArray doubleArray(long length) { throw new UnsupportedOperationException(); }
    public <R extends Record> SharedRecord<R> record(String name, Class<R> type) { throw new UnsupportedOperationException(); }
    public <R extends Record> SharedRecord<R> record(Class<R> type) { throw new UnsupportedOperationException(); }
    public SharedBlock block(String name, long bytes) { throw new UnsupportedOperationException(); }
    public SharedBlock block(long bytes) { throw new UnsupportedOperationException(); }
}
