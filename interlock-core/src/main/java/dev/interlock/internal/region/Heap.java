package dev.interlock.internal.region;

import dev.interlock.InterlockException;
import dev.interlock.ObjectMismatchException;
import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.WaitCell;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a region: making them, finding them by name, walking through all of them.
 */
public final class Heap {
    /*
     * Objects lie one after the other and are never removed, so a walk needs no index. Named ones also hang in hash
     * chains.
     *
     * Making one, under the heap lock     dirty end := behind it | write header, payload, name | link it in its chain |
     *             heap end := behind it. The last store is the commit: before it nobody believes in the object,
     *             although its chain names it.
     * Death       Before the link: the bytes are dirty, as the dirty end says, and the next object is written over
     *             them; the file of a block goes. Between link and commit: the sweep marks the heap lock abandoned, and the next to take it
     *             commits the object (repair), and counts objects and blocks anew. Finders ignore what lies behind the heap end, take the lock, repair and
     *             find it.
     * Trust       Every offset and length that is read is checked before it is followed; chains are bounded by the
     *             number of objects that fit. A wild value is a RegionCorruptException.
     */
    private static final long MIN_GROWTH = 256 << 10;
    private static final long MAX_GROWTH = 8 << 20;
    private static final int MAX_DESCRIBED = 64 << 10;
    private static final byte[] NO_NAME = {};

    private final Mapping mapping;
    private final RegionFile file;
    private final LockState lock;

    Heap(Mapping mapping, RegionFile file, LockState lock) {
        this.mapping = mapping;
        this.file = file;
        this.lock = lock;
    }

    /** The heap as a process has it as long as it is a member. */
    static Heap of(Attachment attachment) {
        LockState lock = attachment.uses().lock(Layout.OFFSET_HEAP_LOCK, LockState.Manner.USUAL);
        return new Heap(attachment.mapping(), attachment.file(), lock);
    }

    /**
     * What an object is to be.
     *
     * @param type its type
     * @param length elements of an array, bytes of a block; 0 for all others
     * @param payloadBytes memory for its contents
     * @param option a number that must be the same for all who open it, or {@link #ANY}
     * @param described the option in words, for the message of a mismatch; kept with the object. Empty if there are no
     *     options
     */
    public record Shape(
            ObjectType type, long length, long payloadBytes, long option, String described) {
        /** An opener that takes the object with any option. A creator's option is 0 then. */
        public static final long ANY = -1;
    }

    /** Writes the initial contents of an object, whose payload is zero. */
    public interface Initializer {
        /**
         * Writes it.
         *
         * @param payload offset of the payload
         */
        void write(long payload);
    }

    /** Of an object that begins as zeros. */
    public static final Initializer ZEROS =
            new Initializer() {
                @Override
                public void write(long payload) {
                    // it is zero
                }
            };

    /** Of an object that begins with a word that need not be zero. */
    public Initializer firstWord(long bits) {
        return new Initializer() {
            @Override
            public void write(long payload) {
                mapping.putPlain(payload, bits);
            }
        };
    }

    /**
     * Finds the object of that name, or makes it. Of any number of threads and processes that do so at once one makes
     * it.
     *
     * @return the offset of its payload
     */
    public long getOrCreate(String name, Shape shape, Initializer initializer) {
        Objects.requireNonNull(name, "An object's name is null. Leave it out to make one without.");
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        Names.checkObjectName(name, utf8.length);
        long hash = hash(utf8);
        long searched = heapEnd();
        long found = find(utf8, hash);
        if (found == 0)
            found =
                    underLock(
                            new Work() {
                                @Override
                                public long run() {
                                    boolean isNew = heapEnd() != searched;
                                    long existing = isNew ? find(utf8, hash) : 0;
                                    return existing != 0
                                            ? existing
                                            : create(utf8, hash, shape, initializer);
                                }
                            });
        long payload = found + Layout.OBJECT_HEADER_BYTES;
        check(payload, name, shape);
        return payload;
    }

    /** Makes an object without a name. */
    public long create(Shape shape, Initializer initializer) {
        Work work =
                new Work() {
                    @Override
                    public long run() {
                        return create(NO_NAME, 0, shape, initializer);
                    }
                };
        return underLock(work) + Layout.OBJECT_HEADER_BYTES;
    }

    /** Makes a chunk of cells to wait in, which hangs in the list of all. A death in between leaves one that nobody finds. */
    long createWaitCells() {
        Work work =
                new Work() {
                    @Override
                    public long run() {
                        long at = create(NO_NAME, 0, hidden(WaitCell.CHUNK_BYTES), ZEROS);
                        long chunk = at + Layout.OBJECT_HEADER_BYTES;
                        mapping.put(chunk + WaitCell.NEXT, mapping.get(Layout.OFFSET_WAIT_ROOT));
                        mapping.put(Layout.OFFSET_WAIT_ROOT, chunk);
                        return at;
                    }
                };
        return underLock(work) + Layout.OBJECT_HEADER_BYTES;
    }

    /** Makes room for what a waiting thread tells. */
    long createReport() {
        return create(hidden(WaitCell.REPORT_BYTES), ZEROS);
    }

    /** Makes memory for the large messages of a queue. */
    long createArea(long bytes) {
        return create(new Shape(ObjectType.QUEUE_AREA, 0, bytes, Shape.ANY, ""), ZEROS);
    }

    /** How much memory an object's contents take. */
    long payloadBytes(long payload) {
        return mapping.get(payload - Layout.OBJECT_HEADER_BYTES + Layout.OBJECT_PAYLOAD_BYTES);
    }

    private static Shape hidden(long bytes) {
        return new Shape(ObjectType.WAIT_CELLS, 0, bytes, Shape.ANY, "");
    }

    private interface Work {
        long run();
    }

    private long underLock(Work work) {
        long at = Layout.OFFSET_HEAP_LOCK;
        lock.acquire(mapping, at, Words.NEVER, false);
        try {
            if (LockDisplay.isAbandoned(mapping, at)) {
                repair();
                recount();
                LockDisplay.clearAbandoned(mapping, at);
            }
            return work.run();
        } finally {
            lock.release(mapping, at);
        }
    }

    /* Commits the object that the dead owner had linked already, or removes what else it may have made. */
    private void repair() {
        long end = heapEnd();
        if (isLinked(end)) commit(end, mapping.get(end + Layout.OBJECT_SIZE));
        else Blocks.discard(file, end + Layout.OBJECT_HEADER_BYTES);
    }

    private boolean isLinked(long at) {
        return mapping.get(Layout.OFFSET_DIRTY_END) > at
                && mapping.get(at + Layout.OBJECT_TYPE) >>> 32 == Layout.OBJECT_MARK >>> 32
                && mapping.get(bucket(mapping.get(at + Layout.OBJECT_HASH))) == at;
    }

    /* The sums are not stored in one step with the commit, so a death leaves them wrong. */
    private void recount() {
        long objects = 0;
        long blockBytes = 0;
        long end = heapEnd();
        for (long at = Layout.HEAP; at < end; at += mapping.get(at + Layout.OBJECT_SIZE)) {
            checkHeader(at, end);
            objects++;
            if (type(at) == ObjectType.BLOCK) blockBytes += mapping.get(at + Layout.OBJECT_LENGTH);
        }
        mapping.put(Layout.OFFSET_OBJECTS, objects);
        mapping.put(Layout.OFFSET_BLOCK_BYTES, blockBytes);
    }

    private long create(byte[] name, long hash, Shape shape, Initializer initializer) {
        long at = heapEnd();
        byte[] described = shape.described.getBytes(StandardCharsets.UTF_8);
        long texts = (long) name.length + described.length;
        long size =
                Layout.roundUp(
                        Layout.OBJECT_HEADER_BYTES + shape.payloadBytes + texts,
                        Layout.OBJECT_UNIT);
        if (size > file.limit() - at)
            throw Errors.limit(file.path(), size, file.limit() - at, file.limit());
        reserve(at, size);
        write(at, size, name, described, hash, shape);
        KillPoints.step();
        initializer.write(at + Layout.OBJECT_HEADER_BYTES);
        if (name.length > 0) mapping.put(bucket(hash), at);
        commit(at, size);
        return at;
    }

    private void commit(long at, long size) {
        mapping.put(Layout.OFFSET_OBJECTS, mapping.get(Layout.OFFSET_OBJECTS) + 1);
        mapping.put(Layout.OFFSET_HEAP_END, at + size);
    }

    /* Memory for [at, at + size), all of it zero. */
    private void reserve(long at, long size) {
        long end = at + size;
        long allocated = mapping.get(Layout.OFFSET_ALLOCATED);
        if (end > allocated) {
            mapping.put(Layout.OFFSET_ALLOCATED, grow(allocated, end));
        }
        long dirty = mapping.get(Layout.OFFSET_DIRTY_END);
        if (dirty > at) {
            KillPoints.step();
            mapping.memory().asSlice(at, Math.min(end, dirty) - at).fill((byte) 0);
        }
        if (end > dirty) mapping.put(Layout.OFFSET_DIRTY_END, end);
    }

    /* By more than is needed, since growing is slow; by just that when the file system has no more. */
    private long grow(long allocated, long needed) {
        long enough = Math.min(file.limit(), Layout.roundUp(needed, 4096));
        long step = Math.clamp(allocated / 2, MIN_GROWTH, MAX_GROWTH);
        long generous = Math.max(enough, Math.min(file.limit(), allocated + step));
        try {
            file.allocate(allocated, generous);
            return generous;
        } catch (InterlockException e) { // the file system is full
            if (enough == generous) throw e;
            file.allocate(allocated, enough);
            return enough;
        }
    }

    private void write(long at, long size, byte[] name, byte[] described, long hash, Shape shape) {
        mapping.putPlain(at + Layout.OBJECT_SIZE, size);
        mapping.putPlain(at + Layout.OBJECT_HASH, hash);
        mapping.putPlain(at + Layout.OBJECT_NEXT, name.length == 0 ? 0 : mapping.get(bucket(hash)));
        mapping.putPlain(at + Layout.OBJECT_LENGTH, shape.length);
        mapping.putPlain(at + Layout.OBJECT_PAYLOAD_BYTES, shape.payloadBytes);
        mapping.putPlain(at + Layout.OBJECT_NAME_BYTES, name.length);
        mapping.putPlain(at + Layout.OBJECT_OPTION, shape.option == Shape.ANY ? 0 : shape.option);
        long texts = at + Layout.OBJECT_HEADER_BYTES + shape.payloadBytes;
        writeBytes(texts, name);
        writeBytes(texts + name.length, described);
        mapping.put(at + Layout.OBJECT_TYPE, Layout.OBJECT_MARK | shape.type.code);
    }

    /* Between segments: a copy from or to an array itself makes the JDK generate a class, four milliseconds of a cold JVM. */
    private void writeBytes(long at, byte[] bytes) {
        if (bytes.length == 0) return;
        KillPoints.step();
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, mapping.memory(), at, bytes.length);
    }

    private byte[] readBytes(long at, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(mapping.memory(), at, MemorySegment.ofArray(bytes), 0, length);
        return bytes;
    }

    private long heapEnd() {
        long end = mapping.get(Layout.OFFSET_HEAP_END);
        long most = Math.min(file.limit(), mapping.get(Layout.OFFSET_ALLOCATED));
        if (!RegionFile.isHeapEnd(end, most)) {
            throw Errors.corrupt(file.path(), "its header claims objects up to " + end);
        }
        return end;
    }

    /** The object's offset, or 0. */
    private long find(byte[] name, long hash) {
        long at = mapping.get(bucket(hash));
        long end = heapEnd(); // read second, so that at most the very next object is linked but not
        // committed
        if (at == end) at = mapping.get(at + Layout.OBJECT_NEXT);
        for (long steps = end / Layout.OBJECT_HEADER_BYTES;
                at != 0;
                steps--) { // until the end of the chain
            if (steps == 0) throw Errors.corrupt(file.path(), "a chain of objects has no end");
            if (isOutside(at, end)) checkHeader(at, end);
            if (mapping.get(at + Layout.OBJECT_HASH) == hash) {
                checkHeader(at, end);
                if (hasName(at, name)) return at;
            }
            at = mapping.get(at + Layout.OBJECT_NEXT);
        }
        return 0;
    }

    /* After this all of its fields can be used. */
    private void checkHeader(long at, long end) {
        String problem = problem(mapping, at, end);
        if (problem != null) throw Errors.corruptObject(file.path(), at, problem);
    }

    private static @Nullable String problem(Words words, long at, long end) {
        if (isOutside(at, end)) return "lies outside of the used memory";
        long type = words.get(at + Layout.OBJECT_TYPE);
        if (type >>> 32 != Layout.OBJECT_MARK >>> 32 || ObjectType.of(type) == null) {
            return "has the unknown type " + Long.toHexString(type);
        }
        long size = words.get(at + Layout.OBJECT_SIZE);
        if (size <= 0 || size % 64 != 0 || size > end - at) return "claims a size of " + size;
        long payload = words.get(at + Layout.OBJECT_PAYLOAD_BYTES);
        long name = words.get(at + Layout.OBJECT_NAME_BYTES);
        boolean fits =
                payload >= 0 && payload <= size && name >= 0 && name <= Names.MAX_OBJECT_NAME;
        return fits && Layout.OBJECT_HEADER_BYTES + payload + name <= size
                ? null
                : "claims "
                        + payload
                        + " bytes of contents and "
                        + name
                        + " of name in a size of "
                        + size;
    }

    private static boolean isOutside(long at, long end) {
        return at < Layout.HEAP || at % 64 != 0 || at > end - Layout.OBJECT_HEADER_BYTES;
    }

    /** Is shown each object. */
    interface ObjectVisitor {
        /**
         * Sees one.
         *
         * @param payload offset of its contents
         */
        void visit(ObjectType type, long payload);
    }

    /**
     * Visits all objects.
     *
     * @param path of the region, for messages
     */
    static void forEachObject(Words words, Path path, ObjectVisitor visitor) {
        long end = words.get(Layout.OFFSET_HEAP_END);
        for (long at = Layout.HEAP; at < end; at += words.get(at + Layout.OBJECT_SIZE)) {
            String problem = problem(words, at, end);
            if (problem != null) throw Errors.corruptObject(path, at, problem);
            ObjectType type =
                    Objects.requireNonNull(ObjectType.of(words.get(at + Layout.OBJECT_TYPE)));
            visitor.visit(type, at + Layout.OBJECT_HEADER_BYTES);
        }
    }

    private boolean hasName(long at, byte[] name) {
        if (mapping.get(at + Layout.OBJECT_NAME_BYTES) != name.length) return false;
        long start =
                at + Layout.OBJECT_HEADER_BYTES + mapping.get(at + Layout.OBJECT_PAYLOAD_BYTES);
        return MemorySegment.mismatch(
                        mapping.memory(),
                        start,
                        start + name.length,
                        MemorySegment.ofArray(name),
                        0,
                        name.length)
                < 0;
    }

    /**
     * Makes sure that an object is what its user takes it for.
     *
     * @throws ObjectMismatchException if it has another type, length or option
     */
    public void check(long payload, String name, Shape shape) {
        long at = payload - Layout.OBJECT_HEADER_BYTES;
        ObjectType type = type(at);
        long length = mapping.get(at + Layout.OBJECT_LENGTH);
        boolean sameOption =
                shape.option == Shape.ANY || mapping.get(at + Layout.OBJECT_OPTION) == shape.option;
        if (type == shape.type && length == shape.length && sameOption) return;
        String is = describe(type, length, sameOption ? "" : described(at));
        String wanted = describe(shape.type, shape.length, sameOption ? "" : shape.described);
        if (is.equals(wanted))
            throw Errors.damaged(
                    file.path(), is + " '" + name + "' has other options than it says");
        throw Errors.mismatch(file.path(), name, is, wanted);
    }

    private static String describe(ObjectType type, long length, String described) {
        String text = type.hasLength() ? type.label() + " of length " + length : type.label();
        return described.isEmpty() ? text : text + " " + described;
    }

    /* It follows the name, up to the zeros that fill the object. */
    private String described(long at) {
        long texts =
                at + Layout.OBJECT_HEADER_BYTES + mapping.get(at + Layout.OBJECT_PAYLOAD_BYTES);
        long start = texts + mapping.get(at + Layout.OBJECT_NAME_BYTES);
        long room = at + mapping.get(at + Layout.OBJECT_SIZE) - start;
        byte[] bytes = readBytes(start, (int) Math.min(room, MAX_DESCRIBED));
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) length--;
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private ObjectType type(long at) {
        return Objects.requireNonNull(ObjectType.of(mapping.get(at + Layout.OBJECT_TYPE)));
    }

    /**
     * An object as a walk finds it.
     *
     * @param payload offset of its contents
     */
    record Found(ObjectType type, String name, long payload, long length, long size, long option) {}

    /** Visits every object that was there when the walk began. */
    void walk(Consumer<Found> visitor) {
        long end = heapEnd();
        for (long at = Layout.HEAP; at < end; at += mapping.get(at + Layout.OBJECT_SIZE)) {
            checkHeader(at, end);
            visitor.accept(found(at));
        }
    }

    /** The object whose contents include that offset, or null. */
    @Nullable Found objectAround(long offset) {
        long end = heapEnd();
        for (long at = Layout.HEAP; at < end; ) {
            checkHeader(at, end);
            long next = at + mapping.get(at + Layout.OBJECT_SIZE);
            if (offset < next) return offset < at ? null : found(at);
            at = next;
        }
        return null;
    }

    private Found found(long at) {
        long payload = at + Layout.OBJECT_HEADER_BYTES;
        long texts = payload + mapping.get(at + Layout.OBJECT_PAYLOAD_BYTES);
        byte[] name = readBytes(texts, (int) mapping.get(at + Layout.OBJECT_NAME_BYTES));
        return new Found(
                type(at),
                new String(name, StandardCharsets.UTF_8),
                payload,
                mapping.get(at + Layout.OBJECT_LENGTH),
                mapping.get(at + Layout.OBJECT_SIZE),
                mapping.get(at + Layout.OBJECT_OPTION));
    }

    /** What users call the object around that offset, for messages. */
    String nameOf(long offset) {
        Found found = objectAround(offset);
        if (found == null) return "a lock at offset " + offset;
        String label = found.type().label();
        return found.name().isEmpty()
                ? label + " without a name at offset " + found.payload()
                : label + " '" + found.name() + "'";
    }

    /** Whether an object of that type has its payload at that offset. */
    public boolean isObject(long payload, ObjectType type) {
        long at = payload - Layout.OBJECT_HEADER_BYTES;
        return problem(mapping, at, heapEnd()) == null && type(at) == type;
    }

    /** The length that an object was made with. */
    public long length(long payload) {
        long at = payload - Layout.OBJECT_HEADER_BYTES;
        checkHeader(at, heapEnd());
        return mapping.get(at + Layout.OBJECT_LENGTH);
    }

    /** The option that an object was made with. */
    public long option(long payload) {
        return mapping.get(payload - Layout.OBJECT_HEADER_BYTES + Layout.OBJECT_OPTION);
    }

    private static long bucket(long hash) {
        return Layout.BUCKETS + (hash & Layout.BUCKET_COUNT - 1) * 8;
    }

    /* FNV-1a, with a finish that spreads it over the low bits that choose the bucket. */
    private static long hash(byte[] name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name) hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        hash ^= hash >>> 32;
        return (hash * 0x9E3779B97F4A7C15L) >>> 1;
    }
}
