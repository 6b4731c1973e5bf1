package dev.interlock.internal.process;

import dev.interlock.TaskNotSerializableException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Puts a task into bytes, in the parent. {@link TaskReader} is its counterpart. */
public final class TaskWriter {
    private TaskWriter() {}

    /**
     * The bytes of a task or action.
     *
     * @throws TaskNotSerializableException if something in it cannot be sent
     */
    public static byte[] toBytes(Object task, boolean hasResult) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeBoolean(hasResult);
        } catch (IOException e) {
            throw new AssertionError(e); // it goes to memory
        }
        CalleeWriter.write(out, task, 0);
        return bytes.toByteArray();
    }
}
