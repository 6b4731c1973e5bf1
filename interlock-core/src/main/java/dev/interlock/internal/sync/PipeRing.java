package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** The bytes that go through a pipe in one direction: one sender and one receiver at a time, each under a lock of its own. */
final class PipeRing {
    /*
     * Layout      tail    63..1 how many bytes were sent, 0 PART: the last chunk is not the last of its message
     *             head    how many bytes were received
     *             ring    chunks from head to tail, each a multiple of 8 bytes:  0 length:32, FIRST, LAST | 8 length of the message | bytes
     * Send        copy a chunk behind the tail, then store the tail: that store is the only point at which it comes to be. A message
     *             that fits is one chunk. A larger one is several, and PART is set until its last.
     * Receive     copy a chunk, store words of it to themselves (touch), then store the head. Until then it is there for others.
     * Invariants  I1 A message with PART set goes on only while its sender has the lock to send. So if that lock is free and the tail
     *             still has PART, the message will never be whole. I2 Chunks of one message are not mixed with others'. The chunk after
     *             one that is not LAST is of the same message, or FIRST: then the message before it was given up.
     *             I3 Who receives takes what is not FIRST only if it has taken all before it; else it steps over it.
     * Death       of who sends, before it stores the tail: nothing was sent. Between two chunks: I1, I2. Of who receives, before it
     *             stores the head: the chunk is there. Between two chunks of a message: the rest is stepped over, the message lost.
     * Order       All stores to tail and head are volatile, and what they tell of comes before them.
     */
    static final long PART = 1;

    static final int HEADER = 16;
    private static final long FIRST = 1L << 32;
    private static final long LAST = 1L << 33;
    private static final int PIECES = 4; // of a large message, in the ring at a time
    private static final int PIECES_IF_SMALL =
            2; // or there would be little in a piece beside its header
    private static final int SMALL = 1024;
    private static final int LINE = 64; // of a cache

    private final Words words;
    private final long at;
    private final long ring;
    private final int capacity;
    private final MemorySegment memory;

    PipeRing(Words words, PipeLayout layout, int from) {
        this.words = words;
        this.at = layout.direction(from);
        this.ring = layout.ring(from);
        this.capacity = layout.capacity;
        this.memory = words.memory();
    }

    /** A chunk that is there to be received. */
    record Chunk(long position, int length, boolean isFirst, boolean isLast, long total) {
        long end() {
            return position + size(length);
        }

        /** Whether it is a message by itself. */
        boolean isWhole() {
            return isFirst && isLast;
        }
    }

    static long size(long length) {
        return HEADER + (length + 7 & -8);
    }

    static long position(long tail) {
        return tail >>> 1;
    }

    static boolean isPart(long tail) {
        return (tail & PART) != 0;
    }

    long tail() {
        return words.get(at + PipeLayout.TAIL);
    }

    long head() {
        return words.get(at + PipeLayout.HEAD);
    }

    /** The largest message that goes through in one piece. */
    int mostWhole() {
        return capacity - HEADER;
    }

    /** How much of a larger one is a chunk. */
    int mostInPiece() {
        return capacity / (capacity > SMALL ? PIECES : PIECES_IF_SMALL) - HEADER;
    }

    /** Whether there is room for a chunk of that length behind the tail. */
    boolean hasRoom(int length) {
        long used = position(tail()) - head();
        if (used < 0 || used > capacity) throw damaged();
        return size(length) <= capacity - used;
    }

    /** Sends a chunk, for which there is room. */
    void send(MemorySegment message, long from, int length) {
        long position = position(tail());
        long total = message.byteSize();
        boolean last = from + length == total;
        words.putPlain(word(position), length | (from == 0 ? FIRST : 0) | (last ? LAST : 0));
        words.putPlain(word(position + 8), total);
        copyIn(message, from, position + HEADER, length);
        words.put(at + PipeLayout.TAIL, (position + size(length)) << 1 | (last ? 0 : PART));
    }

    private long word(long position) {
        return ring + (position & capacity - 8);
    }

    private void copyIn(MemorySegment message, long from, long position, int length) {
        int start = (int) (position & capacity - 1);
        int first = Math.min(length, capacity - start);
        MemorySegment.copy(message, from, memory, ring + start, first);
        MemorySegment.copy(message, from + first, memory, ring, length - first);
    }

    /**
     * The chunk at a position.
     *
     * @param tail that was seen after the position was
     * @throws IllegalStateException if there can be none
     */
    Chunk chunk(long position, long tail) {
        long there = position(tail) - position;
        if (position % 8 != 0 || there < HEADER || there > capacity) throw damaged();
        long word = words.getPlain(word(position));
        long total = words.getPlain(word(position + 8));
        boolean first = (word & FIRST) != 0;
        boolean last = (word & LAST) != 0;
        int length = (int) word;
        boolean sound =
                length >= 0
                        && size(length) <= there
                        && total >= length
                        && (!first || last == (total == length));
        if (!sound) throw damaged();
        return new Chunk(position, length, first, last, total);
    }

    /** Copies a chunk's bytes. */
    void copy(Chunk chunk, PipeTarget to) {
        int start = (int) (chunk.position + HEADER & capacity - 1);
        int first = Math.min(chunk.length, capacity - start);
        to.append(memory, ring + start, first);
        if (chunk.length > first) to.append(memory, ring, chunk.length - first);
    }

    /** Ends the receiving of a chunk. */
    void finish(Chunk chunk) {
        touch(chunk);
        words.put(at + PipeLayout.HEAD, chunk.end());
    }

    /*
     * Stores a word of each cache line to itself. So the lines belong to this CPU alone until the sender's next lap, and it gets
     * them in one step and ahead of time, as CPUs fetch for writing what no other shares; a line that both have costs a round trip each.
     */
    private void touch(Chunk chunk) {
        for (long at = chunk.position; at < chunk.end(); at += LINE) {
            long word = word(at);
            words.putPlain(memory, word, words.getPlain(memory, word));
        }
    }

    static IllegalStateException damaged() {
        return new IllegalStateException("The words of a pipe are damaged.");
    }
}
