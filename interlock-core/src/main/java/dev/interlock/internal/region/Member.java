package dev.interlock.internal.region;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A process that has a region open, as its slot in the process table describes it.
 *
 * @param slot index in the table
 * @param state the slot's state word when this was read
 * @param token random, of this membership alone
 * @param identity the process
 * @param sinceMillis when it joined, in milliseconds of the epoch
 * @param name the process's name
 */
record Member(
        int slot, long state, long token, ProcessIdentity identity, long sinceMillis, String name) {

    /** Where a slot lies. */
    static long at(int slot) {
        return Layout.PROCESS_TABLE + (long) slot * Layout.SLOT_BYTES;
    }

    /** Reads slot {@code slot} from a copy of its bytes. */
    static Member read(int slot, byte[] table, int at) {
        ByteBuffer bytes =
                ByteBuffer.wrap(table, at, Layout.SLOT_BYTES)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        byte[] name = new byte[Layout.SLOT_NAME_BYTES];
        bytes.get((int) Layout.SLOT_NAME, name);
        int length = 0;
        while (length < name.length && name[length] != 0) length++;
        return new Member(
                slot,
                bytes.getLong((int) Layout.SLOT_STATE),
                bytes.getLong((int) Layout.SLOT_TOKEN),
                new ProcessIdentity(
                        bytes.getLong((int) Layout.SLOT_PID),
                        bytes.getLong((int) Layout.SLOT_START),
                        bytes.getLong((int) Layout.SLOT_NAMESPACE)),
                bytes.getLong((int) Layout.SLOT_SINCE),
                new String(name, 0, length, StandardCharsets.UTF_8));
    }

    /** The slot's bytes, its state word excepted. */
    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Layout.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong((int) Layout.SLOT_TOKEN, token);
        bytes.putLong((int) Layout.SLOT_PID, identity.pid());
        bytes.putLong((int) Layout.SLOT_START, identity.startTicks());
        bytes.putLong((int) Layout.SLOT_NAMESPACE, identity.namespace());
        bytes.putLong((int) Layout.SLOT_SINCE, sinceMillis);
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        bytes.put((int) Layout.SLOT_NAME, Arrays.copyOf(utf8, Layout.SLOT_NAME_BYTES - 1));
        return Arrays.copyOfRange(bytes.array(), 8, Layout.SLOT_BYTES);
    }

    int kind() {
        return kind(state);
    }

    // A slot's state word, of which SlotState has the meaning, in its two halves.

    static int kind(long state) {
        return (int) state;
    }

    /** The same of a slot in a copy of the table. */
    static int kind(byte[] table, int at) {
        return (table[at] & 0xFF)
                | (table[at + 1] & 0xFF) << 8
                | (table[at + 2] & 0xFF) << 16
                | table[at + 3] << 24;
    }

    static int generation(long state) {
        return (int) (state >>> 32);
    }

    static long state(int generation, int kind) {
        return (long) generation << 32 | kind;
    }

    /** The same generation in another state. */
    static long next(long state, int kind) {
        return state(generation(state), kind);
    }

    /** When the slot is free for the next generation. */
    static long freed(long state) {
        return state(generation(state) + 1, SlotState.FREE);
    }

    /** The file whose lock only the living process can hold. */
    Path livenessFile(Path region) {
        return region.resolveSibling(
                region.getFileName()
                        + Directory.ALIVE
                        + slot
                        + "-"
                        + identity.toFileNamePart()
                        + "-"
                        + Long.toHexString(token));
    }

    /**
     * Whether the process is proved to be dead, or so far gone that it will never store again. Stopped, slow and paused
     * processes are alive.
     */
    boolean isDead(Path region) {
        // Never look into our own file: closing it would release our own lock. This also covers
        // a second copy of this library.
        if (identity.isSelf()) return false;
        Path file = livenessFile(region);
        return identity.isExiting()
                || isUnlocked(file)
                || (!file.toFile().exists() && identity.isGone());
    }

    /**
     * The name of a liveness file for this slot, if there is none of this member while it is alive: then what the slot says of its process is
     * damaged, and nobody could tell whether that is dead. Else null.
     */
    @Nullable String otherLivenessFile(Path region) {
        if (kind() != SlotState.ALIVE || livenessFile(region).toFile().exists()) return null;
        String[] names = region.resolveSibling(".").toFile().list();
        String own = region.getFileName() + Directory.ALIVE + slot + "-";
        for (String name : names == null ? new String[0] : names)
            if (name.startsWith(own)) return name;
        return null;
    }

    /** Whether it is dead, or all is done that is to be done for it but to free its slot. */
    boolean isDeadOrSwept(Path region) {
        return !livenessFile(region).toFile().exists() || isDead(region);
    }

    /** Whether the process has said that it is about to end, see {@link Attachment#sayLeaving}. */
    boolean isLeaving(Path region) {
        return livenessFile(region).toFile().length() > 0;
    }

    /**
     * Whether a liveness file can be locked, that is, its process is dead. The file must not be one of this process. One thread at a
     * time: the JVM refuses a second lock of its own, so of two threads that ask at once one would be told that the dead live.
     */
    static synchronized boolean isUnlocked(Path livenessFile) {
        try (RandomAccessFile file = new RandomAccessFile(livenessFile.toFile(), "r")) {
            return isFree(file);
        } catch (IOException e) {
            return false; // nothing is proved
        }
    }

    private static boolean isFree(RandomAccessFile livenessFile) throws IOException {
        try {
            // Shared, so that two who ask at once do not take each other for the living process.
            return livenessFile.getChannel().tryLock(0, 1, true) != null;
        } catch (RuntimeException e) {
            // See JoinLock for why there is no catch clause for it.
            if (!(e instanceof OverlappingFileLockException)) throw e;
            return false; // we lock it ourselves: nothing is proved
        }
    }
}
