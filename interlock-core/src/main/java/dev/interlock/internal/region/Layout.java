package dev.interlock.internal.region;

import dev.interlock.internal.sync.LockWord;

/**
 * Where everything lies in a region's file. All numbers are little-endian, all offsets count from the start of the
 * file. Nothing but constants is used on the way to opening a region, so that this class need not be loaded then.
 *
 * <pre>
 * header   0        64       128        256        384      4096          69632        200704
 *          +--------+--------+----------+----------+-- - - --+-------------+------------+---------- - - -
 *          | fixed  | moving | heap lock| waiters  | unused  |process table|  buckets   | heap: objects, one after the other
 *          +--------+--------+----------+----------+-- - - --+-------------+------------+---------- - - -
 * fixed    0 magic | 8 version | 16 limit | 24 token | 32 temporary | 40 deadlock | 56 check sum of all before it
 * moving   64 allocated | 72 heap end | 80 dirty end | 88 objects | 96 block bytes
 * waiters  256 first chunk of cells | 320 arrivals
 * slot     0 state | 8 token | 16 pid | 24 start | 32 namespace | 40 since | 48 robust node | 56 life | 60 doorbell
 *          64 .. 127 name
 * object   0 type | 8 size | 16 name hash | 24 next in bucket | 32 length | 40 payload bytes | 48 name bytes
 *          56 option
 *          64 payload, then the name, then the option in words, then zeros up to a multiple of 64
 * </pre>
 */
final class Layout {
    /** "INTRLOCK" when the file is dumped. */
    static final long MAGIC = 0x4B434F4C52544E49L;

    /** Changes whenever a number in this class, in {@link LockWord}, or in the layout of an object does. */
    static final long VERSION = 6;

    static final long OFFSET_MAGIC = 0;
    static final long OFFSET_VERSION = 8;
    static final long OFFSET_LIMIT = 16;
    static final long OFFSET_TOKEN = 24;
    static final long OFFSET_TEMPORARY = 32;
    static final long OFFSET_DEADLOCK = 40; // nanoseconds of waiting before a look for a deadlock
    static final long OFFSET_CHECK = 56;

    // The moving part is written under the heap lock.
    static final long OFFSET_ALLOCATED = 64; // bytes that have real memory
    static final long OFFSET_HEAP_END = 72; // the commit point of every new object
    static final long OFFSET_DIRTY_END = 80; // all behind it is zero
    static final long OFFSET_OBJECTS = 88;
    static final long OFFSET_BLOCK_BYTES = 96; // memory in files of their own
    static final long OFFSET_HEAP_LOCK = 128;

    static final long OFFSET_WAIT_ROOT = 256; // first chunk of wait cells
    static final long OFFSET_TICKETS = 320; // arrivals of those who wait

    static final int HEADER_BYTES = 4096;

    static final long PROCESS_TABLE = HEADER_BYTES;
    static final int SLOTS = 511; // the lock word has 9 bits for slot + 1
    static final int SLOT_BYTES = 128;
    static final int PROCESS_TABLE_BYTES = 512 * SLOT_BYTES;

    static final long SLOT_STATE = 0;
    static final long SLOT_TOKEN = 8;
    static final long SLOT_PID = 16;
    static final long SLOT_START = 24;
    static final long SLOT_NAMESPACE = 32;
    static final long SLOT_SINCE = 40;
    static final long SLOT_ROBUST_NODE = 48; // followed by the kernel when the guardian thread dies
    static final long SLOT_LIFE = 56; // set by the guardian thread, by the kernel when it dies
    static final long SLOT_DOORBELL = 60; // bumped by any process that wants the guardian to look
    static final long SLOT_NAME = 64;
    static final int SLOT_NAME_BYTES = 64;

    static final long BUCKETS = PROCESS_TABLE + PROCESS_TABLE_BYTES;
    static final int BUCKET_COUNT = 16384;

    static final long HEAP = BUCKETS + BUCKET_COUNT * 8L;

    /** Objects begin and end at multiples of that. */
    static final int OBJECT_UNIT = 64;

    /** What a new region takes. */
    static final long INITIAL_BYTES = 256 << 10;

    static final long OBJECT_TYPE = 0;
    static final long OBJECT_SIZE = 8;
    static final long OBJECT_HASH = 16;
    static final long OBJECT_NEXT = 24;
    static final long OBJECT_LENGTH = 32;
    static final long OBJECT_PAYLOAD_BYTES = 40;
    static final long OBJECT_NAME_BYTES = 48;
    static final long OBJECT_OPTION = 56;
    static final int OBJECT_HEADER_BYTES = 64;

    /** In the upper half of an object's type word, so that a wild offset is noticed. */
    static final long OBJECT_MARK = 0x4F424A01L << 32;

    private Layout() {}

    static long roundUp(long bytes, long unit) {
        return (bytes + unit - 1) & -unit;
    }
}
