package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What messages of a queue consist of: in their slots, or in blocks. */
public final class QueueContents {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8; // that JVMs make

    private static final int WORD = Long.BYTES;

    private static final int LINE = 64; // of a cache

    private static final int MOST_TOUCHED = 512; // longer messages cost more to copy

    private final Words words;
    private final MemorySegment memory; // of the words
    private final QueueLayout layout;
    private final Ring ring;
    private final QueueAreas areas;
    private final int inSlot;
    private final int touched; // of a slot, see touch
    private final MemorySegment writable; // the memory of the queue alone
    private final MemorySegment queue; // the same, for reading only
    private final SlotSlices slices;

    QueueContents(Words words, QueueLayout layout, Ring ring, QueueAreas areas) {
        this.words = words;
        this.memory = words.memory();
        this.layout = layout;
        this.ring = ring;
        this.areas = areas;
        this.inSlot = layout.inSlot();
        this.touched = Math.min(layout.slotBytes, MOST_TOUCHED);
        this.writable = words.piece(memory, layout.at, layout.bytes);
        this.queue = writable.asReadOnly();
        this.slices = new SlotSlices(queue, layout);
    }

    /**
     * Those of a message of that length, which this process writes.
     *
     * @throws IllegalStateException if the memory is damaged
     */
    public MemorySegment toWrite(long position, long length) {
        if (length <= inSlot)
            return memory.asSlice(ring.slot(position) + QueueLayout.CONTENTS, length);
        MemorySegment contents = inBlocks(position);
        if (contents == null) throw damaged();
        return contents;
    }

    /** What is thrown when the memory is damaged. */
    public static IllegalStateException damaged() {
        return new IllegalStateException("A message in a queue is damaged.");
    }

    /** Those of a message that this process reads, for reading only; null if the memory is damaged. */
    public @Nullable MemorySegment toRead(long position) {
        return toRead(ring.slotInPiece(position), position, word(position));
    }

    /**
     * The same, for who has at hand:
     *
     * @param slot where its slot lies in the memory of the queue alone
     * @param word of that slot
     */
    public @Nullable MemorySegment toRead(long slot, long position, long word) {
        if (RingWord.isWhole(word)) return toRead(slot, inSlot);
        long length = words.getPlain(layout.lengthOf(position));
        if (QueueLayout.isInBlocks(length)) return toReadInBlocks(position);
        return length > inSlot ? null : toRead(slot, length);
    }

    /**
     * Those of a message that was seen with that word, for when it is taken; without garbage. Null if it is not as long as a slot. Where
     * messages stand in line a reader gets a fifth less through by such slices than by new ones, of which the JIT knows all when it
     * does not make them at all.
     */
    public @Nullable MemorySegment ofWhole(long position, long word) {
        return RingWord.isWhole(word) ? slices.of(position) : null;
    }

    private MemorySegment toRead(long slot, long length) {
        return queue.asSlice(slot + QueueLayout.CONTENTS, length);
    }

    private @Nullable MemorySegment toReadInBlocks(long position) {
        MemorySegment contents = inBlocks(position);
        return contents == null ? null : contents.asReadOnly();
    }

    /**
     * A copy of those of a message as in {@link #toRead(long, long, long)}; null if the memory is damaged.
     *
     * @throws IllegalStateException if no array is so long
     */
    public byte @Nullable [] bytes(long slot, long position, long word) {
        long length = RingWord.isWhole(word) ? inSlot : words.getPlain(layout.lengthOf(position));
        if (QueueLayout.isInBlocks(length)) return bytesInBlocks(position);
        return length > inSlot ? null : bytesInSlot(slot + QueueLayout.CONTENTS, (int) length);
    }

    /*
     * Those of one word or two, as most short messages are, go word by word: the JDK's copy has so many methods behind each other that
     * the JIT does not inline the last ones here, and they then are a seventh of all that takes the message.
     */
    private byte[] bytesInSlot(long at, int length) {
        if (length != WORD && length != 2 * WORD) return bytes(queue, at, length);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += WORD)
            putWord(bytes, i, words.getPlain(queue, layout.at, at + i));
        return bytes;
    }

    /* All machines that are supported are little-endian. The JIT makes one store of these. */
    private static void putWord(byte[] bytes, int at, long word) {
        for (int i = 0; i < WORD; i++) bytes[at + i] = (byte) (word >>> (i * Byte.SIZE));
    }

    private byte @Nullable [] bytesInBlocks(long position) {
        MemorySegment contents = inBlocks(position);
        return contents == null ? null : bytes(contents, 0, contents.byteSize());
    }

    /* MemorySegment.toArray looks for the name of the element class each time. */
    private static byte[] bytes(MemorySegment from, long at, long length) {
        if (length > LONGEST_ARRAY)
            throw new IllegalStateException("No array can hold its " + length + " bytes.");
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
        return bytes;
    }

    /**
     * Stores a message that this process has read, as in {@link #toRead(long, long, long)}, to the same place again, but for its first line: so the other lines come to this CPU to
     * be written. Who writes the next message there gets them in one step, and ahead of time, as CPUs fetch for writing what no other
     * shares; a line that both have costs it a round trip each. The last line is most often the next message's first, which this
     * process then takes sooner. Up to three times as many messages of 128 bytes pass through.
     */
    public void touch(long slot, long position, long word) {
        if (touched <= LINE) return;
        long bytes = Math.min(touched, used(position, word)) - LINE;
        if (bytes > 0) MemorySegment.copy(queue, slot + LINE, writable, slot + LINE, bytes);
    }

    /** The same. */
    public void touch(long position) {
        if (touched > LINE) touch(ring.slotInPiece(position), position, word(position));
    }

    /* How much of its slot a message uses, whatever a damaged length says. */
    private long used(long position, long word) {
        if (RingWord.isWhole(word)) return layout.slotBytes;
        long length = words.getPlain(layout.lengthOf(position));
        return length < 0 || length > inSlot ? 0 : QueueLayout.CONTENTS + length;
    }

    private @Nullable MemorySegment inBlocks(long position) {
        long length = QueueLayout.length(words.getPlain(layout.lengthOf(position)));
        long at = words.getPlain(ring.slot(position) + QueueLayout.PLACE);
        return areas.contains(at, length) ? memory.asSlice(at, length) : null;
    }

    private long word(long position) {
        return words.get(ring.slot(position));
    }
}
