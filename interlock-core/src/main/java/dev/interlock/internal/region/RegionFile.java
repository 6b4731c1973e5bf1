package dev.interlock.internal.region;

import dev.interlock.RegionOptions;
import dev.interlock.internal.os.KillPoints;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A region's file, reached by reading and writing. Opening and joining a region needs no more: mapping memory for the
 * first time costs a JVM tens of milliseconds, so that waits until an object is used. Reads and writes go to the very
 * pages that others have mapped. All methods but {@link #read} and {@link #allocate} are called under the join lock.
 */
final class RegionFile implements AutoCloseable {
    private static final int ZEROS =
            1 << 16; // small: a process that has just started should stay so

    private final Path path;
    private final RandomAccessFile file;
    private final long limit;
    private final long token;
    private final boolean temporary;
    private final long deadlockNanos;
    private final Set<PosixFilePermission> permissions;

    private RegionFile(
            Path path,
            RandomAccessFile file,
            long limit,
            long token,
            boolean temporary,
            long deadlockNanos,
            Set<PosixFilePermission> permissions) {
        this.path = path;
        this.file = file;
        this.limit = limit;
        this.token = token;
        this.temporary = temporary;
        this.deadlockNanos = deadlockNanos;
        this.permissions = permissions;
    }

    /*
     * Steps of making a region, all under the join lock. A creator that dies leaves at most the file under its second
     * name, which nobody opens and the next to hold the lock deletes; the region is there, whole, from the rename on.
     */
    static void create(Path path, long token, boolean temporary, RegionOptions options)
            throws IOException {
        long limit = Layout.roundUp(options.maxBytes(), 4096);
        Set<PosixFilePermission> permissions = options.permissions();
        Path unfinished = unfinished(path);
        KillPoints.step();
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(permissions));
        try {
            byte[] header = header(limit, token, temporary, options.deadlockAfterNanos());
            fill(path, permissions, header, limit);
        } catch (IOException | RuntimeException e) {
            unfinished.toFile().delete();
            throw e;
        }
        KillPoints.step();
        if (!unfinished.toFile().renameTo(path.toFile()))
            throw new IOException("cannot rename " + unfinished);
    }

    private static void fill(
            Path path, Set<PosixFilePermission> permissions, byte[] header, long limit)
            throws IOException {
        Path unfinished = unfinished(path);
        try (RandomAccessFile file = new RandomAccessFile(unfinished.toFile(), "rw")) {
            KillPoints.step();
            // The umask may have taken some away.
            Files.setPosixFilePermissions(unfinished, permissions);
            KillPoints.step();
            writeZeros(path, file, 0, Layout.INITIAL_BYTES);
            KillPoints.step();
            file.setLength(limit);
            KillPoints.step();
            file.seek(0);
            file.write(header);
        }
    }

    /** Removes what a creator that died may have left. */
    static void removeUnfinished(Path path) {
        File unfinished = unfinished(path).toFile();
        if (unfinished.exists()) {
            KillPoints.step();
            unfinished.delete();
        }
    }

    private static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + "~new");
    }

    private static byte[] header(long limit, long token, boolean temporary, long deadlockNanos) {
        ByteBuffer header = ByteBuffer.allocate(Layout.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong((int) Layout.OFFSET_MAGIC, Layout.MAGIC);
        header.putLong((int) Layout.OFFSET_VERSION, Layout.VERSION);
        header.putLong((int) Layout.OFFSET_LIMIT, limit);
        header.putLong((int) Layout.OFFSET_TOKEN, token);
        header.putLong((int) Layout.OFFSET_TEMPORARY, temporary ? 1 : 0);
        header.putLong((int) Layout.OFFSET_DEADLOCK, deadlockNanos);
        header.putLong((int) Layout.OFFSET_CHECK, checkSum(header.array()));
        header.putLong((int) Layout.OFFSET_ALLOCATED, Layout.INITIAL_BYTES);
        header.putLong((int) Layout.OFFSET_HEAP_END, Layout.HEAP);
        header.putLong((int) Layout.OFFSET_DIRTY_END, Layout.HEAP);
        return header.array();
    }

    private static long checkSum(byte[] header) {
        CRC32 sum = new CRC32();
        sum.update(header, 0, (int) Layout.OFFSET_CHECK);
        return sum.getValue();
    }

    /** Opens a region's file and makes sure that it is one, sound as far as its header tells. */
    static RegionFile open(Path path, Set<PosixFilePermission> permissions) throws IOException {
        return open(path, Directory.checkFile(path, permissions), permissions);
    }

    /** The same for a file that has just been checked. */
    static RegionFile open(
            Path path, Directory.@Nullable Status status, Set<PosixFilePermission> permissions)
            throws IOException {
        if (status == null) throw Errors.corrupt(path, "it vanished");
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try { // around little: what is in there, the JVM verifies once more for each catch clause
            return read(path, file, status.size(), permissions);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static RegionFile read(
            Path path, RandomAccessFile file, long size, Set<PosixFilePermission> permissions)
            throws IOException {
        byte[] bytes = new byte[Layout.HEADER_BYTES];
        if (readFully(file, 0, bytes) < bytes.length)
            throw Errors.corrupt(path, "it has " + size + " bytes, less than a header");
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        check(path, header, checkSum(bytes), size);
        return new RegionFile(
                path,
                file,
                header.getLong((int) Layout.OFFSET_LIMIT),
                header.getLong((int) Layout.OFFSET_TOKEN),
                header.getLong((int) Layout.OFFSET_TEMPORARY) != 0,
                header.getLong((int) Layout.OFFSET_DEADLOCK),
                permissions);
    }

    private static void check(Path path, ByteBuffer header, long checkSum, long size) {
        if (header.getLong((int) Layout.OFFSET_MAGIC) != Layout.MAGIC)
            throw Errors.corrupt(path, "it does not begin as one");
        long version = header.getLong((int) Layout.OFFSET_VERSION);
        if (version != Layout.VERSION) {
            throw Errors.version(path, version);
        }
        if (header.getLong((int) Layout.OFFSET_CHECK) != checkSum)
            throw Errors.corrupt(path, "the check sum of its header is wrong");
        long limit = header.getLong((int) Layout.OFFSET_LIMIT);
        if (limit != size)
            throw Errors.corrupt(
                    path,
                    "it has "
                            + size
                            + " bytes instead of "
                            + limit
                            + (size < limit ? ", it was cut" : ", something was added to it"));
        long allocated = header.getLong((int) Layout.OFFSET_ALLOCATED);
        long heapEnd = header.getLong((int) Layout.OFFSET_HEAP_END);
        if (allocated < Layout.INITIAL_BYTES || allocated > limit)
            throw Errors.corrupt(path, "its header claims " + allocated + " bytes of memory");
        if (!isHeapEnd(heapEnd, allocated))
            throw Errors.corrupt(path, "its header claims objects up to " + heapEnd);
    }

    /** Whether the objects of a region that has so much memory can end there. Not in Layout, which is not loaded to open a region. */
    static boolean isHeapEnd(long end, long allocated) {
        return end >= Layout.HEAP && end <= allocated && end % Layout.OBJECT_UNIT == 0;
    }

    Path path() {
        return path;
    }

    long limit() {
        return limit;
    }

    long token() {
        return token;
    }

    boolean isTemporary() {
        return temporary;
    }

    /** How long a thread waits for a lock before it looks for a deadlock; 0 if it never does. */
    long deadlockNanos() {
        return deadlockNanos;
    }

    /** What the process that opened it said of its files' mode. */
    Set<PosixFilePermission> permissions() {
        return permissions;
    }

    RandomAccessFile file() {
        return file;
    }

    /** Reads a slot, or any other range. */
    byte[] read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        read(offset, bytes);
        return bytes;
    }

    /** Reads as much as there is room for. */
    synchronized void read(long offset, byte[] into) throws IOException {
        if (readFully(file, offset, into) < into.length)
            throw Errors.corrupt(path, "it was truncated");
    }

    private static int readFully(RandomAccessFile file, long offset, byte[] bytes)
            throws IOException {
        file.seek(offset);
        int total = 0;
        while (total < bytes.length) {
            int n = file.read(bytes, total, bytes.length - total);
            if (n < 0) break;
            total += n;
        }
        return total;
    }

    synchronized void write(long offset, byte[] bytes) throws IOException {
        KillPoints.step();
        file.seek(offset);
        file.write(bytes);
    }

    /* A word of eight bytes that lies in one page is copied as a whole. */
    void writeLong(long offset, long value) throws IOException {
        write(
                offset,
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value).array());
    }

    long readLong(long offset) throws IOException {
        return ByteBuffer.wrap(read(offset, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    /**
     * Gives a range real memory, which is zero. Called under the heap lock, for a range that nobody uses yet. Does not
     * cut off what it took before the file system was full: a region that dies cut short could never be opened again.
     *
     * @throws dev.interlock.RegionFullException if the file system is full
     */
    synchronized void allocate(long from, long to) {
        try {
            KillPoints.step();
            writeZeros(path, file, from, to);
        } catch (IOException e) {
            throw Errors.device(path, to - from, e);
        }
    }

    /**
     * Takes memory by writing. {@code ftruncate} would succeed on a full file system, and the first touch would end the
     * JVM.
     */
    static void writeZeros(Path path, RandomAccessFile file, long from, long to)
            throws IOException {
        if (usableSpace(path) < to - from) throw Errors.device(path, to - from, null);
        byte[] zeros = new byte[(int) Math.min(ZEROS, to - from)];
        file.seek(from);
        for (long at = from; at < to; at += zeros.length)
            file.write(zeros, 0, (int) Math.min(zeros.length, to - at));
    }

    /** What the file system of a file has left for this user. */
    static long usableSpace(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? 0 : directory.toFile().getUsableSpace();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw Errors.io(path, "close", e);
        }
    }
}
