package dev.interlock.internal.process;

import dev.interlock.InterlockException;
import dev.interlock.TaskNotSerializableException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/** Puts a task into bytes, in the parent. {@link TaskReader} is its counterpart. */
final class TaskWriter {
    private TaskWriter() {}

    /**
     * The bytes of a task or action.
     *
     * @throws TaskNotSerializableException if something in it cannot be sent
     */
    static byte[] toBytes(Object task, boolean hasResult) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeBoolean(hasResult);
            write(out, task);
        } catch (InterlockException e) {
            throw e; // a handle that says in its own words why it cannot travel
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Unserializable.task(task, e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Object task) throws IOException {
        SerializedLambda lambda = LambdaBody.of(task);
        boolean callable =
                lambda != null && LambdaBody.isCallable(lambda, task.getClass().getClassLoader());
        if (lambda != null && callable) {
            out.writeByte(TaskReader.CALL);
            Wire.writeString(out, lambda.getImplClass().replace('/', '.'));
            Wire.writeString(out, lambda.getImplMethodName());
            Wire.writeString(out, lambda.getImplMethodSignature());
            Values.write(out, arguments(lambda));
        } else {
            out.writeByte(TaskReader.OBJECT);
            Wire.writeBlock(out, Serialization.toBytes(task));
        }
    }

    static @Nullable Object[] arguments(SerializedLambda lambda) {
        @Nullable Object[] arguments = new @Nullable Object[lambda.getCapturedArgCount()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = lambda.getCapturedArg(i);
        return arguments;
    }
}
