package dev.interlock.internal.process.plain;

import java.util.Arrays;

/** What is the same in all streams with objects of one class. */
final class StreamStart {
    final byte[] bytes; // up to the values
    private final Object[] handles; // what was given numbers in there

    StreamStart(byte[] bytes, Object[] handles) {
        this.bytes = bytes;
        this.handles = handles;
    }

    /** Whether there are these bytes. */
    boolean isAt(byte[] stream, int from) {
        int end = from + bytes.length;
        return end <= stream.length && Arrays.equals(stream, from, end, bytes, 0, bytes.length);
    }

    Handles handles() {
        return new Handles(handles);
    }

    /** How much of it a stream has read when it knows the class, but not what that extends. */
    int describedBytes() {
        return bytes.length - 2;
    }

    int length() {
        return bytes.length;
    }
}
