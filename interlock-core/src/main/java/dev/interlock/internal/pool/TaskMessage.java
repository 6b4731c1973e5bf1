package dev.interlock.internal.pool;

import dev.interlock.internal.process.Packed;
import dev.interlock.internal.process.TaskWriter;
import dev.interlock.internal.process.Unserializable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 *   task message   ticket (long), slot (int), form (byte), then
 *   ONCE           a task, as TaskWriter writes it
 *   CHUNK          arguments of each call (byte), length of the function (int), the function, packed: the arguments of all calls
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
     * @param arguments of all calls, at the beginning of the array
     * @param count how many these are
     */
    static byte[] ofChunk(byte[] function, int arity, @Nullable Object[] arguments, int count) {
        byte[] message;
        try {
            message = Packed.write(FUNCTION_AT + function.length, arguments, count);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Unserializable.arguments(Arrays.copyOf(arguments, count), e);
        }
        message[FORM_AT] = CHUNK;
        message[ARITY_AT] = (byte) arity;
        ByteBuffer.wrap(message).putInt(FUNCTION_LENGTH_AT, function.length);
        System.arraycopy(function, 0, message, FUNCTION_AT, function.length);
        return message;
    }

    static void address(byte[] message, long ticket, int slot) {
        ByteBuffer.wrap(message).putLong(0, ticket).putInt(SLOT_AT, slot);
    }

    static int functionLength(byte[] message) {
        return ByteBuffer.wrap(message).getInt(FUNCTION_LENGTH_AT);
    }
}
