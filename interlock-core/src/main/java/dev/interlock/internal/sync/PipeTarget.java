package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** Where a message is received. */
public interface PipeTarget {
    /**
     * A message begins; or it begins again, from its first byte.
     *
     * @param bytes its length
     * @throws RuntimeException if there is no room for it; it stays where it is then
     */
    void begin(long bytes);

    /** Takes the next bytes of the message. */
    void append(MemorySegment from, long offset, long length);

    /** What has been taken so far; valid until the next byte is. */
    MemorySegment taken();
}
