package dev.interlock.internal.pool;

import dev.interlock.internal.process.ReportWriter;
import dev.interlock.internal.process.Values;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 *   report     kind (byte), worker (int), slot (int), ticket (long), then
 *   READY      nothing: the worker has run its initializer
 *   UNFIT      the failure of its initializer, as ReportWriter writes it; the worker ends
 *   RESULT     values: the results, one for each call
 *   FAILURE    length of the failure (int), the failure, values: the results of the calls before the one that failed
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
    static final int BODY_AT = TICKET_AT + Long.BYTES;

    private final byte[] message;

    /** One that was read. */
    Report(byte[] message) {
        this.message = message;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        bytes.write(head(RESULT, worker, slot, ticket, BODY_AT).array());
        Values.write(new DataOutputStream(bytes), results);
        return bytes.toByteArray();
    }

    static byte[] failure(
            int worker, int slot, long ticket, Throwable failure, @Nullable Object... results)
            throws IOException {
        byte[] failureBytes = ReportWriter.failureBytes(failure);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(failureBytes.length + 64);
        bytes.write(head(FAILURE, worker, slot, ticket, BODY_AT).array());
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(failureBytes.length);
        out.write(failureBytes);
        Values.write(out, results);
        return bytes.toByteArray();
    }

    private static ByteBuffer head(byte kind, int worker, int slot, long ticket, int size) {
        return ByteBuffer.allocate(size).put(kind).putInt(worker).putInt(slot).putLong(ticket);
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
