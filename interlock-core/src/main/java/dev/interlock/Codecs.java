package dev.interlock;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Codecs for plain values. */
final class Codecs {
    static final ArrayCodec<byte[]> BYTE_ARRAYS = new ByteArrays();
    static final Codec<ByteBuffer> BYTE_BUFFERS = new ByteBuffers();
    static final ArrayCodec<String> STRINGS = new Strings();
    static final Codec<Integer> INTS = new Ints();
    static final Codec<Long> LONGS = new Longs();
    static final Codec<Double> DOUBLES = new Doubles();

    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Codecs() {}

    private static final class ByteArrays extends ArrayCodec<byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        byte[] toBytes(byte[] message) {
            return message;
        }

        @Override
        byte[] fromBytes(byte[] bytes) {
            return bytes;
        }
    }

    private static final class ByteBuffers implements Codec<ByteBuffer> {
        private static final long serialVersionUID = 1L;

        @Override
        public long bytes(ByteBuffer message) {
            return message.remaining();
        }

        @Override
        public void write(ByteBuffer message, MemorySegment to) {
            to.copyFrom(MemorySegment.ofBuffer(message).asSlice(0, to.byteSize()));
        }

        @Override
        public ByteBuffer read(MemorySegment from) {
            return ByteBuffer.wrap(from.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /* UTF-8 and a byte that says so; for strings that UTF-8 cannot hold, their characters. */
    private static final class Strings extends ArrayCodec<String> {
        private static final long serialVersionUID = 1L;
        private static final byte UTF_8 = 0;
        private static final byte CHARS = 1;

        @Override
        byte[] toBytes(String message) {
            return isWhole(message)
                    ? utf8(message.getBytes(StandardCharsets.UTF_8))
                    : chars(message.toCharArray());
        }

        /* Half a surrogate pair would become a question mark. */
        private static boolean isWhole(String text) {
            int codePoint;
            for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
                codePoint = text.codePointAt(i);
                boolean half =
                        codePoint >= Character.MIN_SURROGATE
                                && codePoint <= Character.MAX_SURROGATE;
                if (half) return false;
            }
            return true;
        }

        private static byte[] utf8(byte[] text) {
            byte[] bytes = new byte[1 + text.length];
            bytes[0] = UTF_8;
            System.arraycopy(text, 0, bytes, 1, text.length);
            return bytes;
        }

        private static byte[] chars(char[] text) {
            byte[] bytes = new byte[1 + Character.BYTES * text.length];
            bytes[0] = CHARS;
            MemorySegment to = MemorySegment.ofArray(bytes);
            MemorySegment.copy(text, 0, to, CHAR, 1, text.length);
            return bytes;
        }

        @Override
        String fromBytes(byte[] bytes) {
            if (bytes[0] == UTF_8)
                return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
            char[] chars = new char[(bytes.length - 1) / 2];
            MemorySegment.copy(MemorySegment.ofArray(bytes), CHAR, 1, chars, 0, chars.length);
            return new String(chars);
        }
    }

    private static final class Ints implements Codec<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public long bytes(Integer message) {
            return Integer.BYTES;
        }

        @Override
        public void write(Integer message, MemorySegment to) {
            to.set(INT, 0, message);
        }

        @Override
        public Integer read(MemorySegment from) {
            return from.get(INT, 0);
        }
    }

    private static final class Longs implements Codec<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public long bytes(Long message) {
            return Long.BYTES;
        }

        @Override
        public void write(Long message, MemorySegment to) {
            to.set(LONG, 0, message);
        }

        @Override
        public Long read(MemorySegment from) {
            return from.get(LONG, 0);
        }
    }

    private static final class Doubles implements Codec<Double> {
        private static final long serialVersionUID = 1L;

        @Override
        public long bytes(Double message) {
            return Double.BYTES;
        }

        @Override
        public void write(Double message, MemorySegment to) {
            to.set(DOUBLE, 0, message);
        }

        @Override
        public Double read(MemorySegment from) {
            return from.get(DOUBLE, 0);
        }
    }
}
