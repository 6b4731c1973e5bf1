package dev.interlock.internal.pool;

import dev.interlock.internal.process.Packed;
import dev.interlock.internal.process.ReportWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 *   report     kind (byte), worker (int), slot (int), ticket (long), how long the task ran in nanoseconds (long), then
 *   READY      nothing: the worker has run its initializer
 *   UNFIT      the failure of its initializer, as ReportWriter writes it; the worker ends
 *   RESULT     packed: the results, one for each call
 *   FAILURE    length of the failure (int), the failure, packed: the results of the calls before the one that failed
 *   SKIPPED    nothing: the task was not to run any more
 *   GONE       nothing; written by the parent: the worker is dead
 *   LOOK       nothing; written by the parent: there is something to do
 */
/** What is written into the queue of reports. */
final class Report {
    static final byte READY = 1;
    static final byte UNFIT = 2;
    static final byte RESULT = 3;
    static final byte FAILURE = 4;
    static final byte SKIPPED = 5;
    static final byte GONE = 6;
    static final byte LOOK = 7;

    private static final int WORKER_AT = 1;
    private static final int SLOT_AT = WORKER_AT + Integer.BYTES;
    private static final int TICKET_AT = SLOT_AT + Integer.BYTES;
    private static final int NANOS_AT = TICKET_AT + Long.BYTES;
    static final int BODY_AT = NANOS_AT + Long.BYTES;

    private final byte[] message;

    /** One that was read. */
    Report(byte[] message) {
        this.message = message;
    }

    /** What all begin with, of one that cannot be read as a whole. */
    static byte[] headOf(MemorySegment report) {
        return report.asSlice(0, BODY_AT).toArray(ValueLayout.JAVA_BYTE);
    }

    /** A report about a worker alone. */
    static byte[] of(byte kind, int worker) {
        return head(kind, worker, 0, 0, BODY_AT).array();
    }

    static byte[] skipped(int worker, int slot, long ticket) {
        return head(SKIPPED, worker, slot, ticket, BODY_AT).array();
    }

    static byte[] unfit(int worker, Throwable failure) throws IOException {
        byte[] bytes = ReportWriter.failureBytes(failure);
        return head(UNFIT, worker, 0, 0, BODY_AT + bytes.length).put(bytes).array();
    }

    static byte[] result(int worker, int slot, long ticket, @Nullable Object... results)
            throws IOException {
        byte[] report = Packed.write(BODY_AT, results, results.length);
        putHead(ByteBuffer.wrap(report), RESULT, worker, slot, ticket);
        return report;
    }

    static byte[] failure(
            int worker, int slot, long ticket, Throwable failure, @Nullable Object... results)
            throws IOException {
        byte[] failureBytes = ReportWriter.failureBytes(failure);
        int resultsAt = BODY_AT + Integer.BYTES + failureBytes.length;
        byte[] report = Packed.write(resultsAt, results, results.length);
        putHead(ByteBuffer.wrap(report), FAILURE, worker, slot, ticket)
                .putInt(failureBytes.length)
                .put(failureBytes);
        return report;
    }

    private static ByteBuffer head(byte kind, int worker, int slot, long ticket, int size) {
        return putHead(ByteBuffer.allocate(size), kind, worker, slot, ticket);
    }

    private static ByteBuffer putHead(ByteBuffer to, byte kind, int worker, int slot, long ticket) {
        return to.put(kind).putInt(worker).putInt(slot).putLong(ticket).putLong(0);
    }

    /** Says in a report how long the task ran. */
    static void putNanos(byte[] report, long nanos) {
        ByteBuffer.wrap(report).putLong(NANOS_AT, nanos);
    }

    static long nanos(byte[] report) {
        return ByteBuffer.wrap(report).getLong(NANOS_AT);
    }

    /** All of it. */
    byte[] message() {
        return message;
    }

    /** What comes after the head. */
    byte[] body() {
        return Arrays.copyOfRange(message, BODY_AT, message.length);
    }

    byte kind() {
        return message[0];
    }

    int worker() {
        return ByteBuffer.wrap(message).getInt(WORKER_AT);
    }

    int slot() {
        return ByteBuffer.wrap(message).getInt(SLOT_AT);
    }

    long ticket() {
        return ByteBuffer.wrap(message).getLong(TICKET_AT);
    }
}
