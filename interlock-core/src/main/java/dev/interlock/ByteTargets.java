package dev.interlock;

import dev.interlock.internal.sync.PipeTarget;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What messages are received into. */
final class ByteTargets {
    private static final int MOST_IN_ARRAY = Integer.MAX_VALUE - 8;
    private static final int MOST_AT_ONCE = 16 << 20;

    private ByteTargets() {}

    /**
     * A new array. Memory beyond some megabytes is taken as the bytes come, so that a length alone, of a damaged or hostile message, takes
     * none.
     */
    static final class NewArray implements PipeTarget {
        private byte[] bytes = {};
        private int length;
        private int filled;

        @Override
        public void begin(long total) {
            if (total > MOST_IN_ARRAY) throw new BufferTooSmallException(total, MOST_IN_ARRAY);
            length = (int) total;
            filled = 0;
            bytes = new byte[Math.min(length, MOST_AT_ONCE)];
        }

        @Override
        public void append(MemorySegment from, long offset, long count) {
            int enough = (int) (filled + count);
            if (enough > bytes.length)
                bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, enough, length));
            MemorySegment.copy(from, offset, MemorySegment.ofArray(bytes), filled, count);
            filled = enough;
        }

        @Override
        public MemorySegment taken() {
            return MemorySegment.ofArray(bytes).asSlice(0, filled);
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** Memory of the caller. */
    static final class Given implements PipeTarget {
        private final MemorySegment room;
        private long filled;

        Given(MemorySegment room) {
            this.room = room;
        }

        @Override
        public void begin(long total) {
            if (total > room.byteSize()) throw new BufferTooSmallException(total, room.byteSize());
            filled = 0;
        }

        @Override
        public void append(MemorySegment from, long offset, long count) {
            MemorySegment.copy(from, offset, room, filled, count);
            filled += count;
        }

        @Override
        public MemorySegment taken() {
            return room.asSlice(0, filled);
        }
    }
}
