package dev.interlock.internal.pool;

import dev.interlock.internal.process.TaskWriter;
import dev.interlock.internal.process.Unserializable;
import dev.interlock.internal.process.Values;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/*
 *   task message   ticket (long), slot (int), form (byte), then
 *   ONCE           a task, as TaskWriter writes it
 *   CHUNK          arguments of each call (byte), length of the function (int), the function, values: the arguments of all calls
 *
 * Ticket and slot are written when the task is given away.
 */
/** What is written into the queue of tasks. */
final class TaskMessage {
    static final byte ONCE = 0;
    static final byte CHUNK = 1;

    static final int SLOT_AT = Long.BYTES;
    static final int FORM_AT = SLOT_AT + Integer.BYTES;
    static final int BODY_AT = FORM_AT + 1;
    static final int ARITY_AT = BODY_AT;
    static final int FUNCTION_LENGTH_AT = ARITY_AT + 1;
    static final int FUNCTION_AT = FUNCTION_LENGTH_AT + Integer.BYTES;

    private TaskMessage() {}

    /** A message that has no ticket yet. */
    static byte[] ofTask(Object task, boolean hasResult) {
        return of(TaskWriter.toBytes(task, hasResult));
    }

    /** A message with those bytes of a task. */
    static byte[] of(byte[] body) {
        byte[] message = new byte[BODY_AT + body.length];
        message[FORM_AT] = ONCE;
        System.arraycopy(body, 0, message, BODY_AT, body.length);
        return message;
    }

    /**
     * A message that has no ticket yet.
     *
     * @param function its bytes
     * @param arity how many arguments each call has
     * @param arguments of all calls
     */
    static byte[] ofChunk(byte[] function, int arity, @Nullable Object[] arguments) {
        try {
            ByteArrayOutputStream bytes =
                    new ByteArrayOutputStream(
                            FUNCTION_AT + function.length + 16 * arguments.length);
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(0); // the ticket
            out.writeInt(0); // the slot
            out.writeByte(CHUNK);
            out.writeByte(arity);
            out.writeInt(function.length);
            out.write(function);
            Values.write(out, arguments);
            return bytes.toByteArray();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Unserializable.arguments(arguments, e);
        }
    }

    static void address(byte[] message, long ticket, int slot) {
        ByteBuffer.wrap(message).putLong(0, ticket).putInt(SLOT_AT, slot);
    }

    static int functionLength(byte[] message) {
        return ByteBuffer.wrap(message).getInt(FUNCTION_LENGTH_AT);
    }
}
