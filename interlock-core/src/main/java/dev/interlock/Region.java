package dev.interlock;

import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.Heap.Shape;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.region.Regions;
import dev.interlock.internal.region.Regions.Intent;
import dev.interlock.internal.sync.LockWord;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory with a directory of named, typed objects, for any number of processes of this machine (up to 511 at a time).
 *
 * <p>Programs that know nothing of each other meet by name: {@code Region.open("orders").lock("writer")}. A program and the
 * processes that it starts share a {@linkplain #temporary() temporary} one. Each factory below finds the object of that name or
 * makes it; of any number that do so at once exactly one makes it, and all get the same. The forms without a name always make a new
 * object, which others reach by a handle that they are sent. Objects stay as long as their region.
 *
 * <p>A named region stays until {@link #unlink()} or the end of the machine, whoever closes it or dies; memory is not kept across
 * power loss. A temporary region goes with the last process that uses it; if all were killed, with the next call of this class.
 *
 * <p><b>Death.</b> A process may be killed at any instruction: what it was making is completed or undone, and the locks that it
 * owned become free, see {@link SharedLock}. <b>Closing</b> makes every handle and segment from this region throw
 * {@link IllegalStateException}; locks that the process still owns then become abandoned, unless it has the region open elsewhere.
 *
 * <p><b>Files.</b> A region is a file in the user's own directory below {@code /dev/shm} (mode 0700), or in
 * {@link RegionOptions#directory}. The file is as long as {@link RegionOptions#maxBytes}, but takes only the memory that is used.
 * Region names have 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or digit; object names up to 200 bytes.
 *
 * <p>Failures: {@link RegionNameException} for a bad name, {@link RegionAccessException} for a file or directory that may not be
 * used (another owner, a symbolic link, no permission), {@link RegionCorruptException} for one that is not a sound region,
 * {@link RegionVersionException}, {@link RegionFullException} at the limit and when the file system is full, and
 * {@link ObjectMismatchException} for an object that is of another type, length or kind. None of them changes anything.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes.
 */
public final class Region implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1L;
    private static final long MAX_BYTES = 1L << 46; // what a process can map

    private final transient OpenRegion open;

    Region(OpenRegion open) {
        this.open = open;
    }

    /**
     * Opens the region of that name, or makes it.
     *
     * @param name its name
     * @return a handle to close
     */
    public static Region open(String name) {
        return open(name, RegionOptions.defaults());
    }

    /**
     * Opens the region of that name, or makes it.
     *
     * @param name its name
     * @param options where it lies, and how it is made if it is
     * @return a handle to close
     */
    public static Region open(String name, RegionOptions options) {
        return new Region(Regions.open(name, Intent.OPEN, options));
    }

    /**
     * Makes a region that must not exist.
     *
     * @param name its name
     * @return a handle to close
     * @throws RegionExistsException if it exists
     */
    public static Region create(String name) {
        return create(name, RegionOptions.defaults());
    }

    /**
     * Makes a region that must not exist.
     *
     * @param name its name
     * @param options where it lies and how it is made
     * @return a handle to close
     * @throws RegionExistsException if it exists
     */
    public static Region create(String name, RegionOptions options) {
        return new Region(Regions.open(name, Intent.CREATE, options));
    }

    /**
     * Opens a region that must exist.
     *
     * @param name its name
     * @return a handle to close
     * @throws RegionNotFoundException if it does not exist
     */
    public static Region attach(String name) {
        return attach(name, RegionOptions.defaults());
    }

    /**
     * Opens a region that must exist.
     *
     * @param name its name
     * @param options where it lies; the limit is the creator's
     * @return a handle to close
     * @throws RegionNotFoundException if it does not exist
     */
    public static Region attach(String name, RegionOptions options) {
        return new Region(Regions.open(name, Intent.ATTACH, options));
    }

    /**
     * Makes a region without a name, for this program and the processes that it sends handles to.
     *
     * @return a handle to close
     */
    public static Region temporary() {
        return temporary(RegionOptions.defaults());
    }

    /**
     * Makes a region without a name, for this program and the processes that it sends handles to.
     *
     * @param options where it lies and how it is made
     * @return a handle to close
     */
    public static Region temporary(RegionOptions options) {
        return new Region(Regions.temporary(options));
    }

    /**
     * The regions in the user's own directory, temporary ones too. What dead programs left there is removed first.
     *
     * @return a description of each, by name
     */
    public static List<RegionInfo> list() {
        return Regions.list(null);
    }

    /**
     * The regions in a directory, temporary ones too. What dead programs left there is removed first.
     *
     * @param directory as in {@link RegionOptions#directory}
     * @return a description of each, by name
     */
    public static List<RegionInfo> list(Path directory) {
        return Regions.list(directory);
    }

    /**
     * Removes a region's name, as {@link #unlink()} does, without opening it.
     *
     * @param name its name
     * @throws RegionNotFoundException if it does not exist
     */
    public static void unlink(String name) {
        unlink(name, RegionOptions.defaults());
    }

    /**
     * Removes a region's name, as {@link #unlink()} does, without opening it.
     *
     * @param name its name
     * @param options where it lies
     * @throws RegionNotFoundException if it does not exist
     */
    public static void unlink(String name, RegionOptions options) {
        Regions.unlink(name, options);
    }

    /**
     * The region's name; made up if it is temporary.
     *
     * @return the name
     */
    public String name() {
        return path().getFileName().toString();
    }

    /**
     * The region's file.
     *
     * @return its path
     */
    public Path path() {
        return open.path();
    }

    /**
     * The objects in the region, in the order in which they were made.
     *
     * @return a description of each
     */
    public List<ObjectInfo> objects() {
        return open.objects();
    }

    /**
     * The living processes that have the region open.
     *
     * @return a description of each
     */
    public List<ProcessInfo> processes() {
        return open.processes();
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return whether it was
     */
    public boolean isClosed() {
        return open.isClosed();
    }

    /** Ends the use of everything that came from this handle. Threads that wait for it throw. Closing twice does nothing. */
    @Override
    public void close() {
        open.close();
    }

    /**
     * Removes the region's name: it is not found any more, and its name is free. Processes that have it open go on using it, and
     * its memory is given back when the last of them closes it.
     *
     * @throws RegionNotFoundException if the name was removed already
     */
    public void unlink() {
        open.unlink();
    }

    /**
     * Finds or makes a lock.
     *
     * @param name its name
     * @return the lock, whatever its options
     */
    public SharedLock lock(String name) {
        return lock(name, Shape.ANY, OwnerDeathPolicy.REPORT.name());
    }

    /**
     * Finds or makes a lock.
     *
     * @param name its name
     * @param options how it behaves
     * @return the lock
     * @throws ObjectMismatchException if it exists with other options
     */
    public SharedLock lock(String name, LockOptions options) {
        return lock(name, options.ownerDeath().ordinal(), options.ownerDeath().name());
    }

    private SharedLock lock(String name, long option, String described) {
        Handle handle =
                named(
                        name,
                        new Shape(ObjectType.LOCK, 0, LockWord.CELL_BYTES, option, described),
                        _ -> {},
                        null);
        return new SharedLock(handle.withPolicyOf(open.heap()));
    }

    /**
     * Makes a lock without a name.
     *
     * @return the lock
     */
    public SharedLock lock() {
        return lock(LockOptions.defaults());
    }

    /**
     * Makes a lock without a name.
     *
     * @param options how it behaves
     * @return the lock
     */
    public SharedLock lock(LockOptions options) {
        Shape shape =
                new Shape(
                        ObjectType.LOCK,
                        0,
                        LockWord.CELL_BYTES,
                        options.ownerDeath().ordinal(),
                        "");
        return new SharedLock(unnamed(shape, _ -> {}, null).withPolicyOf(open.heap()));
    }

    /**
     * Finds or makes a shared int.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedInt intValue(String name, int initial) {
        return new SharedInt(
                named(
                        name,
                        shape(ObjectType.INT),
                        payload -> SharedInt.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Makes a shared int without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedInt intValue(int initial) {
        return new SharedInt(
                unnamed(
                        shape(ObjectType.INT),
                        payload -> SharedInt.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Finds or makes a shared long.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedLong longValue(String name, long initial) {
        return new SharedLong(
                named(
                        name,
                        shape(ObjectType.LONG),
                        payload -> SharedLong.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Makes a shared long without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedLong longValue(long initial) {
        return new SharedLong(
                unnamed(
                        shape(ObjectType.LONG),
                        payload -> SharedLong.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Finds or makes a shared double.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedDouble doubleValue(String name, double initial) {
        return new SharedDouble(
                named(
                        name,
                        shape(ObjectType.DOUBLE),
                        payload -> SharedDouble.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Makes a shared double without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedDouble doubleValue(double initial) {
        return new SharedDouble(
                unnamed(
                        shape(ObjectType.DOUBLE),
                        payload -> SharedDouble.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Finds or makes a shared boolean.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedBoolean booleanValue(String name, boolean initial) {
        return new SharedBoolean(
                named(
                        name,
                        shape(ObjectType.BOOLEAN),
                        payload -> SharedBoolean.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Makes a shared boolean without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedBoolean booleanValue(boolean initial) {
        return new SharedBoolean(
                unnamed(
                        shape(ObjectType.BOOLEAN),
                        payload -> SharedBoolean.initialize(open.mapping(), payload, initial),
                        null));
    }

    /**
     * Finds or makes a shared array of byte, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedByteArray byteArray(String name, long length) {
        return new SharedByteArray(
                named(name, arrayShape(ObjectType.BYTE_ARRAY, length, 1), _ -> {}, null));
    }

    /**
     * Makes a shared array of byte without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedByteArray byteArray(long length) {
        return new SharedByteArray(
                unnamed(arrayShape(ObjectType.BYTE_ARRAY, length, 1), _ -> {}, null));
    }

    /**
     * Finds or makes a shared array of short, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedShortArray shortArray(String name, long length) {
        return new SharedShortArray(
                named(name, arrayShape(ObjectType.SHORT_ARRAY, length, 2), _ -> {}, null));
    }

    /**
     * Makes a shared array of short without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedShortArray shortArray(long length) {
        return new SharedShortArray(
                unnamed(arrayShape(ObjectType.SHORT_ARRAY, length, 2), _ -> {}, null));
    }

    /**
     * Finds or makes a shared array of int, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedIntArray intArray(String name, long length) {
        return new SharedIntArray(
                named(name, arrayShape(ObjectType.INT_ARRAY, length, 4), _ -> {}, null));
    }

    /**
     * Makes a shared array of int without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedIntArray intArray(long length) {
        return new SharedIntArray(
                unnamed(arrayShape(ObjectType.INT_ARRAY, length, 4), _ -> {}, null));
    }

    /**
     * Finds or makes a shared array of long, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedLongArray longArray(String name, long length) {
        return new SharedLongArray(
                named(name, arrayShape(ObjectType.LONG_ARRAY, length, 8), _ -> {}, null));
    }

    /**
     * Makes a shared array of long without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedLongArray longArray(long length) {
        return new SharedLongArray(
                unnamed(arrayShape(ObjectType.LONG_ARRAY, length, 8), _ -> {}, null));
    }

    /**
     * Finds or makes a shared array of float, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedFloatArray floatArray(String name, long length) {
        return new SharedFloatArray(
                named(name, arrayShape(ObjectType.FLOAT_ARRAY, length, 4), _ -> {}, null));
    }

    /**
     * Makes a shared array of float without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedFloatArray floatArray(long length) {
        return new SharedFloatArray(
                unnamed(arrayShape(ObjectType.FLOAT_ARRAY, length, 4), _ -> {}, null));
    }

    /**
     * Finds or makes a shared array of double, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     */
    public SharedDoubleArray doubleArray(String name, long length) {
        return new SharedDoubleArray(
                named(name, arrayShape(ObjectType.DOUBLE_ARRAY, length, 8), _ -> {}, null));
    }

    /**
     * Makes a shared array of double without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     */
    public SharedDoubleArray doubleArray(long length) {
        return new SharedDoubleArray(
                unnamed(arrayShape(ObjectType.DOUBLE_ARRAY, length, 8), _ -> {}, null));
    }

    /**
     * Finds or makes a shared record, all of whose components are zero or false if it is made now.
     *
     * @param <R> the record
     * @param name its name
     * @param type a record class whose components are all primitive
     * @return the record
     * @throws IllegalArgumentException if a component is not primitive
     * @throws ObjectMismatchException if it exists with other components
     */
    public <R extends Record> SharedRecord<R> record(String name, Class<R> type) {
        RecordLayout<R> layout = RecordLayout.of(type);
        return new SharedRecord<>(
                named(name, layout.shape(), layout.initializer(open.mapping()), type));
    }

    /**
     * Makes a shared record without a name, all of whose components are zero or false.
     *
     * @param <R> the record
     * @param type a record class whose components are all primitive
     * @return the record
     * @throws IllegalArgumentException if a component is not primitive
     */
    public <R extends Record> SharedRecord<R> record(Class<R> type) {
        RecordLayout<R> layout = RecordLayout.of(type);
        return new SharedRecord<>(
                unnamed(layout.shape(), layout.initializer(open.mapping()), type));
    }

    /**
     * Finds or makes a block of raw bytes, all zero, which has a file of its own.
     *
     * @param name its name
     * @param bytes its size
     * @return the block
     */
    public SharedBlock block(String name, long bytes) {
        return new SharedBlock(
                named(name, blockShape(bytes), payload -> open.createBlock(payload, bytes), null));
    }

    /**
     * Makes a block of raw bytes without a name, all zero, which has a file of its own.
     *
     * @param bytes its size
     * @return the block
     */
    public SharedBlock block(long bytes) {
        return new SharedBlock(
                unnamed(blockShape(bytes), payload -> open.createBlock(payload, bytes), null));
    }

    private static Shape shape(ObjectType value) {
        return new Shape(value, 0, ObjectType.AFTER_VALUE + LockWord.CELL_BYTES, Shape.ANY, "");
    }

    private static Shape arrayShape(ObjectType array, long length, int elementBytes) {
        if (length < 0 || length > MAX_BYTES / elementBytes) throw badLength(length);
        return new Shape(
                array, length, ObjectType.AFTER_LOCK + length * elementBytes, Shape.ANY, "");
    }

    private static Shape blockShape(long bytes) {
        if (bytes < 0 || bytes > MAX_BYTES) throw badLength(bytes);
        return new Shape(ObjectType.BLOCK, bytes, 64, Shape.ANY, "");
    }

    private static IllegalArgumentException badLength(long length) {
        return new IllegalArgumentException(
                "A length of " + length + " is not possible. Use 0 to " + MAX_BYTES + " bytes.");
    }

    private Handle named(
            String name,
            Shape shape,
            Heap.Initializer initializer,
            @Nullable Class<? extends Record> recordType) {
        return new Handle(
                this,
                open.heap().getOrCreate(name, shape, initializer),
                name,
                shape.type(),
                OwnerDeathPolicy.REPORT,
                recordType);
    }

    private Handle unnamed(
            Shape shape,
            Heap.Initializer initializer,
            @Nullable Class<? extends Record> recordType) {
        return new Handle(
                this,
                open.heap().create(shape, initializer),
                "",
                shape.type(),
                OwnerDeathPolicy.REPORT,
                recordType);
    }

    /** The opening behind this handle. */
    OpenRegion opened() {
        return open;
    }

    /**
     * Names the region.
     *
     * @return for people to read
     */
    @Override
    public String toString() {
        return "Region '" + name() + "'" + (isClosed() ? ", closed" : "");
    }

    private Object writeReplace() {
        return new RegionReference(this);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw Handle.notDirectly();
    }
}
