package dev.interlock;

import dev.interlock.internal.region.Guardian;
import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.Heap.Shape;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.region.Opening;
import dev.interlock.internal.region.RegionList;
import dev.interlock.internal.region.Regions;
import dev.interlock.internal.sync.Latches;
import dev.interlock.internal.sync.SemaphoreState;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory with a directory of named, typed objects, for any number of processes of this machine (up to 511 at a
 * time).
 *
 * <p>Programs that know nothing of each other meet by name: {@code Region.open("orders").lock("writer")}. A program and
 * the processes that it starts share a {@linkplain #temporary() temporary} one. Each factory below finds the object of
 * that name or makes it; of any number that do so at once exactly one makes it, and all get the same. The forms without
 * a name always make a new object, which others reach by a handle that they are sent. Objects stay as long as their
 * region.
 *
 * <p>A named region stays until {@link #unlink()} or the end of the machine, whoever closes it or dies; memory is not
 * kept across power loss. A temporary region goes with the last process that uses it; if all were killed, with the next
 * call of this class.
 *
 * <p><b>Death.</b> A process may be killed at any instruction: what it was making is completed or undone, and the locks
 * that it owned become free, see {@link SharedLock}. <b>Closing</b> makes every handle and segment from this region
 * throw {@link IllegalStateException}; locks that the process still owns then become abandoned, unless it has the
 * region open elsewhere.
 *
 * <p><b>Files.</b> A region is a file in the user's own directory below {@code /dev/shm} (mode 0700), or in
 * {@link RegionOptions#directory}. The file is as long as {@link RegionOptions#maxBytes}, but takes only the memory
 * that is used. Region names have 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or digit; object
 * names up to 200 bytes.
 *
 * <p>Failures: {@link RegionNameException} for a bad name, {@link RegionAccessException} for a file or directory that
 * may not be used (another owner, a symbolic link, no permission), {@link RegionCorruptException} for one that is not a
 * sound region, {@link RegionVersionException}, {@link RegionFullException} at the limit and when the file system is
 * full, and {@link ObjectMismatchException} for an object that is of another type, length or kind. None of them changes
 * anything.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes.
 */
public final class Region implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1L;
    private static final String UNNAMED = "";

    static {
        Guardian.begin(); // which loads the classes behind this one
    }

    private final transient Opening opening;

    Region(Opening opening) {
        this.opening = opening;
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
        return new Region(Opening.named(name, StandardOpenOption.CREATE, options));
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
        return new Region(Opening.named(name, StandardOpenOption.CREATE_NEW, options));
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
        return new Region(Opening.named(name, StandardOpenOption.WRITE, options));
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
        return new Region(Opening.temporary(options));
    }

    /**
     * The regions in the user's own directory, temporary ones too. What dead programs left there is removed first.
     *
     * @return a description of each, by name
     */
    public static List<RegionInfo> list() {
        return RegionList.of(null);
    }

    /**
     * The regions in a directory, temporary ones too. What dead programs left there is removed first.
     *
     * @param directory as in {@link RegionOptions#directory}
     * @return a description of each, by name
     */
    public static List<RegionInfo> list(Path directory) {
        return RegionList.of(directory);
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
        return opened().path();
    }

    /**
     * The objects in the region, in the order in which they were made.
     *
     * @return a description of each
     */
    public List<ObjectInfo> objects() {
        return opened().objects();
    }

    /**
     * The living processes that have the region open.
     *
     * @return a description of each
     */
    public List<ProcessInfo> processes() {
        return opened().processes();
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return whether it was
     */
    public boolean isClosed() {
        return opened().isClosed();
    }

    /**
     * Ends the use of everything that came from this handle. Threads that wait for it throw. Closing twice does
     * nothing.
     */
    @Override
    public void close() {
        opened().close();
    }

    /**
     * Removes the region's name: it is not found any more, and its name is free. Processes that have it open go on
     * using it, and its memory is given back when the last of them closes it.
     *
     * @throws RegionNotFoundException if the name was removed already
     */
    public void unlink() {
        opened().unlink();
    }

    /**
     * Finds or makes a lock.
     *
     * @param name its name
     * @return the lock, whatever its options
     */
    public SharedLock lock(String name) {
        return new SharedLock(lock(name, ObjectType.LOCK, null));
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
        return new SharedLock(lock(name, ObjectType.LOCK, options));
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
        return new SharedLock(lock(ObjectType.LOCK, options));
    }

    /**
     * Finds or makes a reentrant lock.
     *
     * @param name its name
     * @return the lock, whatever its options
     */
    public SharedReentrantLock reentrantLock(String name) {
        return new SharedReentrantLock(lock(name, ObjectType.REENTRANT_LOCK, null));
    }

    /**
     * Finds or makes a reentrant lock.
     *
     * @param name its name
     * @param options how it behaves
     * @return the lock
     * @throws ObjectMismatchException if it exists with other options
     */
    public SharedReentrantLock reentrantLock(String name, LockOptions options) {
        return new SharedReentrantLock(lock(name, ObjectType.REENTRANT_LOCK, options));
    }

    /**
     * Makes a reentrant lock without a name.
     *
     * @return the lock
     */
    public SharedReentrantLock reentrantLock() {
        return reentrantLock(LockOptions.defaults());
    }

    /**
     * Makes a reentrant lock without a name.
     *
     * @param options how it behaves
     * @return the lock
     */
    public SharedReentrantLock reentrantLock(LockOptions options) {
        return new SharedReentrantLock(lock(ObjectType.REENTRANT_LOCK, options));
    }

    /**
     * Finds or makes a read-write lock.
     *
     * @param name its name
     * @return the lock
     */
    public SharedReadWriteLock readWriteLock(String name) {
        long payload = find(name, Shapes.readWriteLock());
        return new SharedReadWriteLock(Handle.of(this, payload, name, ObjectType.READ_WRITE_LOCK));
    }

    /**
     * Makes a read-write lock without a name.
     *
     * @return the lock
     */
    public SharedReadWriteLock readWriteLock() {
        long payload = make(Shapes.readWriteLock());
        return new SharedReadWriteLock(
                Handle.of(this, payload, UNNAMED, ObjectType.READ_WRITE_LOCK));
    }

    /**
     * Finds or makes a shared int.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedInt intValue(String name, int initial) {
        return new SharedInt(value(name, ObjectType.INT, initial));
    }

    /**
     * Makes a shared int without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedInt intValue(int initial) {
        return new SharedInt(value(ObjectType.INT, initial));
    }

    /**
     * Finds or makes a shared long.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedLong longValue(String name, long initial) {
        return new SharedLong(value(name, ObjectType.LONG, initial));
    }

    /**
     * Makes a shared long without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedLong longValue(long initial) {
        return new SharedLong(value(ObjectType.LONG, initial));
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
                value(name, ObjectType.DOUBLE, Double.doubleToRawLongBits(initial)));
    }

    /**
     * Makes a shared double without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedDouble doubleValue(double initial) {
        return new SharedDouble(value(ObjectType.DOUBLE, Double.doubleToRawLongBits(initial)));
    }

    /**
     * Finds or makes a shared boolean.
     *
     * @param name its name
     * @param initial its first value, if it is made now
     * @return the value
     */
    public SharedBoolean booleanValue(String name, boolean initial) {
        return new SharedBoolean(value(name, ObjectType.BOOLEAN, initial ? 1 : 0));
    }

    /**
     * Makes a shared boolean without a name.
     *
     * @param initial its first value
     * @return the value
     */
    public SharedBoolean booleanValue(boolean initial) {
        return new SharedBoolean(value(ObjectType.BOOLEAN, initial ? 1 : 0));
    }

    /**
     * Finds or makes a shared array of byte, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedByteArray byteArray(String name, long length) {
        return new SharedByteArray(array(name, ObjectType.BYTE_ARRAY, length));
    }

    /**
     * Makes a shared array of byte without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedByteArray byteArray(long length) {
        return new SharedByteArray(array(ObjectType.BYTE_ARRAY, length));
    }

    /**
     * Finds or makes a shared array of short, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedShortArray shortArray(String name, long length) {
        return new SharedShortArray(array(name, ObjectType.SHORT_ARRAY, length));
    }

    /**
     * Makes a shared array of short without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedShortArray shortArray(long length) {
        return new SharedShortArray(array(ObjectType.SHORT_ARRAY, length));
    }

    /**
     * Finds or makes a shared array of int, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedIntArray intArray(String name, long length) {
        return new SharedIntArray(array(name, ObjectType.INT_ARRAY, length));
    }

    /**
     * Makes a shared array of int without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedIntArray intArray(long length) {
        return new SharedIntArray(array(ObjectType.INT_ARRAY, length));
    }

    /**
     * Finds or makes a shared array of long, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedLongArray longArray(String name, long length) {
        return new SharedLongArray(array(name, ObjectType.LONG_ARRAY, length));
    }

    /**
     * Makes a shared array of long without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedLongArray longArray(long length) {
        return new SharedLongArray(array(ObjectType.LONG_ARRAY, length));
    }

    /**
     * Finds or makes a shared array of float, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedFloatArray floatArray(String name, long length) {
        return new SharedFloatArray(array(name, ObjectType.FLOAT_ARRAY, length));
    }

    /**
     * Makes a shared array of float without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedFloatArray floatArray(long length) {
        return new SharedFloatArray(array(ObjectType.FLOAT_ARRAY, length));
    }

    /**
     * Finds or makes a shared array of double, all zero.
     *
     * @param name its name
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedDoubleArray doubleArray(String name, long length) {
        return new SharedDoubleArray(array(name, ObjectType.DOUBLE_ARRAY, length));
    }

    /**
     * Makes a shared array of double without a name, all zero.
     *
     * @param length its number of elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than a process can map
     */
    public SharedDoubleArray doubleArray(long length) {
        return new SharedDoubleArray(array(ObjectType.DOUBLE_ARRAY, length));
    }

    /**
     * Finds or makes a shared record, all of whose components are zero or false if it is made now. If its class refuses
     * such a record, reading throws what its constructor does, until it is set.
     *
     * @param <R> the record
     * @param name its name
     * @param type a record class whose components are all primitive
     * @return the record
     * @throws IllegalArgumentException if a component is not primitive
     * @throws ObjectMismatchException if it exists with other components
     */
    public <R extends Record> SharedRecord<R> record(String name, Class<R> type) {
        Shape shape = RecordLayout.of(type).shape();
        return new SharedRecord<>(Handle.ofRecord(this, find(name, shape), name, type));
    }

    /**
     * Finds or makes a shared record.
     *
     * @param <R> the record
     * @param name its name
     * @param type a record class whose components are all primitive
     * @param initial its first value, if it is made now
     * @return the record
     * @throws IllegalArgumentException if a component is not primitive
     * @throws ObjectMismatchException if it exists with other components
     */
    public <R extends Record> SharedRecord<R> record(String name, Class<R> type, R initial) {
        RecordLayout<R> layout = RecordLayout.of(type);
        long payload =
                opened().heap()
                        .getOrCreate(
                                name, layout.shape(), layout.writer(opened().mapping(), initial));
        return new SharedRecord<>(Handle.ofRecord(this, payload, name, type));
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
        return new SharedRecord<>(
                Handle.ofRecord(this, make(RecordLayout.of(type).shape()), UNNAMED, type));
    }

    /**
     * Makes a shared record without a name.
     *
     * @param <R> the record
     * @param type a record class whose components are all primitive
     * @param initial its first value
     * @return the record
     * @throws IllegalArgumentException if a component is not primitive
     */
    public <R extends Record> SharedRecord<R> record(Class<R> type, R initial) {
        RecordLayout<R> layout = RecordLayout.of(type);
        long payload =
                opened().heap().create(layout.shape(), layout.writer(opened().mapping(), initial));
        return new SharedRecord<>(Handle.ofRecord(this, payload, UNNAMED, type));
    }

    /**
     * Finds or makes a block of raw bytes, all zero, which has a file of its own.
     *
     * @param name its name
     * @param bytes its size
     * @return the block
     * @throws IllegalArgumentException if the size is negative, or more than a process can map
     */
    public SharedBlock block(String name, long bytes) {
        Shape shape = Shapes.block(bytes);
        long payload =
                opened().heap().getOrCreate(name, shape, at -> opened().createBlock(at, bytes));
        return new SharedBlock(Handle.of(this, payload, name, ObjectType.BLOCK));
    }

    /**
     * Makes a block of raw bytes without a name, all zero, which has a file of its own.
     *
     * @param bytes its size
     * @return the block
     * @throws IllegalArgumentException if the size is negative, or more than a process can map
     */
    public SharedBlock block(long bytes) {
        long payload =
                opened().heap().create(Shapes.block(bytes), at -> opened().createBlock(at, bytes));
        return new SharedBlock(Handle.of(this, payload, UNNAMED, ObjectType.BLOCK));
    }

    /**
     * Finds or makes a semaphore whose permits belong to processes.
     *
     * @param name its name
     * @param permits how many there are at first
     * @return the semaphore
     * @throws IllegalArgumentException if the number is negative
     * @throws ObjectMismatchException if it exists with another number or options
     */
    public SharedSemaphore semaphore(String name, int permits) {
        return semaphore(name, permits, SemaphoreOptions.defaults());
    }

    /**
     * Finds or makes a semaphore.
     *
     * @param name its name
     * @param permits how many there are at first
     * @param options how it behaves
     * @return the semaphore
     * @throws IllegalArgumentException if the number is negative
     * @throws ObjectMismatchException if it exists with another number or options
     */
    public SharedSemaphore semaphore(String name, int permits, SemaphoreOptions options) {
        Heap heap = opened().heap();
        Heap.Initializer first = heap.firstWord(SemaphoreState.initial(permits));
        long payload = heap.getOrCreate(name, Shapes.semaphore(permits, options), first);
        return new SharedSemaphore(Handle.of(this, payload, name, ObjectType.SEMAPHORE));
    }

    /**
     * Makes a semaphore without a name, whose permits belong to processes.
     *
     * @param permits how many there are at first
     * @return the semaphore
     * @throws IllegalArgumentException if the number is negative
     */
    public SharedSemaphore semaphore(int permits) {
        return semaphore(permits, SemaphoreOptions.defaults());
    }

    /**
     * Makes a semaphore without a name.
     *
     * @param permits how many there are at first
     * @param options how it behaves
     * @return the semaphore
     * @throws IllegalArgumentException if the number is negative
     */
    public SharedSemaphore semaphore(int permits, SemaphoreOptions options) {
        Heap heap = opened().heap();
        Heap.Initializer first = heap.firstWord(SemaphoreState.initial(permits));
        long payload = heap.create(Shapes.semaphore(permits, options), first);
        return new SharedSemaphore(Handle.of(this, payload, UNNAMED, ObjectType.SEMAPHORE));
    }

    /**
     * Finds or makes an event, which is clear at first.
     *
     * @param name its name
     * @return the event
     */
    public SharedEvent event(String name) {
        return new SharedEvent(Handle.of(this, find(name, Shapes.event()), name, ObjectType.EVENT));
    }

    /**
     * Makes an event without a name, which is clear at first.
     *
     * @return the event
     */
    public SharedEvent event() {
        return new SharedEvent(Handle.of(this, make(Shapes.event()), UNNAMED, ObjectType.EVENT));
    }

    /**
     * Finds or makes a latch.
     *
     * @param name its name
     * @param count where it begins, if it is made now
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     * @throws ObjectMismatchException if it exists and began elsewhere
     */
    public SharedCountDownLatch countDownLatch(String name, int count) {
        Heap heap = opened().heap();
        long payload =
                heap.getOrCreate(name, Shapes.latch(count), heap.firstWord(Latches.initial(count)));
        return latch(payload, name);
    }

    /**
     * Makes a latch without a name.
     *
     * @param count where it begins
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     */
    public SharedCountDownLatch countDownLatch(int count) {
        Heap heap = opened().heap();
        Shape shape = Shapes.latch(count);
        return latch(heap.create(shape, heap.firstWord(Latches.initial(count))), UNNAMED);
    }

    private SharedCountDownLatch latch(long payload, String name) {
        return new SharedCountDownLatch(
                Handle.of(this, payload, name, ObjectType.COUNT_DOWN_LATCH));
    }

    /**
     * Finds or makes a barrier.
     *
     * @param name its name
     * @param parties how many threads it takes, 1 to 16,777,215
     * @return the barrier
     * @throws IllegalArgumentException if the number is not possible
     * @throws ObjectMismatchException if it exists with another number
     */
    public SharedBarrier barrier(String name, int parties) {
        return barrier(find(name, Shapes.barrier(parties)), name, null);
    }

    /**
     * Finds or makes a barrier, and gives this handle an action.
     *
     * @param name its name
     * @param parties how many threads it takes, 1 to 16,777,215
     * @param action what is run before all go on if the last to arrive does so by this handle
     * @return the barrier
     * @throws IllegalArgumentException if the number is not possible
     * @throws ObjectMismatchException if it exists with another number
     */
    public SharedBarrier barrier(String name, int parties, Runnable action) {
        return barrier(find(name, Shapes.barrier(parties)), name, action);
    }

    /**
     * Makes a barrier without a name.
     *
     * @param parties how many threads it takes, 1 to 16,777,215
     * @return the barrier
     * @throws IllegalArgumentException if the number is not possible
     */
    public SharedBarrier barrier(int parties) {
        return barrier(make(Shapes.barrier(parties)), UNNAMED, null);
    }

    /**
     * Makes a barrier without a name, and gives this handle an action.
     *
     * @param parties how many threads it takes, 1 to 16,777,215
     * @param action what is run before all go on if the last to arrive does so by this handle
     * @return the barrier
     * @throws IllegalArgumentException if the number is not possible
     */
    public SharedBarrier barrier(int parties, Runnable action) {
        return barrier(make(Shapes.barrier(parties)), UNNAMED, action);
    }

    private SharedBarrier barrier(long payload, String name, @Nullable Runnable action) {
        return new SharedBarrier(Handle.of(this, payload, name, ObjectType.BARRIER), action);
    }

    /**
     * Finds or makes a queue of any objects, see {@link Codec#objects()}.
     *
     * @param <E> its messages
     * @param name its name
     * @param options how it behaves
     * @return the queue
     * @throws ObjectMismatchException if it exists with other options or another codec
     */
    public <E> SharedQueue<E> queue(String name, QueueOptions options) {
        return queue(name, options, Codec.objects());
    }

    /**
     * Finds or makes a queue.
     *
     * @param <E> its messages
     * @param name its name
     * @param options how it behaves
     * @param codec how messages become bytes
     * @return the queue
     * @throws ObjectMismatchException if it exists with other options or another codec
     */
    public <E> SharedQueue<E> queue(String name, QueueOptions options, Codec<E> codec) {
        Shape shape = Shapes.queue(options, codec.name());
        long payload = opened().heap().getOrCreate(name, shape, queueInitializer(options));
        return queue(payload, name, options, codec);
    }

    /**
     * Makes a queue of any objects without a name, see {@link Codec#objects()}.
     *
     * @param <E> its messages
     * @param options how it behaves
     * @return the queue
     */
    public <E> SharedQueue<E> queue(QueueOptions options) {
        return queue(options, Codec.objects());
    }

    /**
     * Makes a queue without a name.
     *
     * @param <E> its messages
     * @param options how it behaves
     * @param codec how messages become bytes
     * @return the queue
     */
    public <E> SharedQueue<E> queue(QueueOptions options, Codec<E> codec) {
        Shape shape = Shapes.queue(options, codec.name());
        return queue(
                opened().heap().create(shape, queueInitializer(options)), UNNAMED, options, codec);
    }

    private <E> SharedQueue<E> queue(
            long payload, String name, QueueOptions options, Codec<E> codec) {
        Messages<E> messages = new Messages<>(codec, options);
        return new SharedQueue<>(Handle.ofQueue(this, payload, name, messages), messages);
    }

    private Heap.Initializer queueInitializer(QueueOptions options) {
        return opened().queueInitializer(
                        options.capacity(),
                        options.messageBytes(),
                        options.isDropping(),
                        options.maxBytes());
    }

    private Handle lock(String name, ObjectType type, @Nullable LockOptions options) {
        Shape shape = options == null ? Shapes.anyLock(type) : Shapes.lock(type, options);
        return Handle.ofLock(this, find(name, shape), name, type);
    }

    private Handle lock(ObjectType type, LockOptions options) {
        return Handle.ofLock(this, make(Shapes.lock(type, options)), UNNAMED, type);
    }

    private Handle value(String name, ObjectType type, long bits) {
        Heap heap = opened().heap();
        long payload = heap.getOrCreate(name, Shapes.value(type), heap.firstWord(bits));
        return Handle.of(this, payload, name, type);
    }

    private Handle value(ObjectType type, long bits) {
        Heap heap = opened().heap();
        long payload = heap.create(Shapes.value(type), heap.firstWord(bits));
        return Handle.of(this, payload, UNNAMED, type);
    }

    private Handle array(String name, ObjectType type, long length) {
        return Handle.of(this, find(name, Shapes.array(type, length)), name, type);
    }

    private Handle array(ObjectType type, long length) {
        return Handle.of(this, make(Shapes.array(type, length)), UNNAMED, type);
    }

    /* Objects that begin as zeros. */
    private long find(String name, Shape shape) {
        return opened().heap().getOrCreate(name, shape, Heap.ZEROS);
    }

    private long make(Shape shape) {
        return opened().heap().create(shape, Heap.ZEROS);
    }

    /** What was opened, behind this handle. */
    OpenRegion opened() {
        return opening.region();
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

    /**
     * What a stream gets in place of the handle.
     *
     * @return a reference to what it refers to
     */
    private Object writeReplace() {
        return new RegionReference(this);
    }

    /**
     * Refuses a stream that claims to hold the handle itself.
     *
     * @param in the stream
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        Handle.refuse();
    }
}
