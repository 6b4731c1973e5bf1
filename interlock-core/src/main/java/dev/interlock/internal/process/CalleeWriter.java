package dev.interlock.internal.process;

import dev.interlock.InterlockException;
import dev.interlock.TaskNotSerializableException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/** Puts a task or function into bytes. {@link Callee} is its counterpart. */
public final class CalleeWriter {
    private CalleeWriter() {}

    /**
     * The bytes of a function.
     *
     * @param arguments how many it is called with
     * @throws TaskNotSerializableException if something in it cannot be sent
     */
    public static byte[] toBytes(Object function, int arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(new DataOutputStream(bytes), function, arguments);
        return bytes.toByteArray();
    }

    static void write(DataOutputStream out, Object callee, int arguments) {
        try {
            tryToWrite(out, callee, arguments);
        } catch (InterlockException e) {
            throw e; // a handle that says in its own words why it cannot travel
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Unserializable.task(callee, e);
        }
    }

    private static void tryToWrite(DataOutputStream out, Object callee, int arguments)
            throws IOException {
        SerializedLambda lambda = LambdaBody.of(callee);
        ClassLoader loader = callee.getClass().getClassLoader();
        if (lambda != null && LambdaBody.isCallable(lambda, arguments, loader)) {
            String type = lambda.getImplClass().replace('/', '.');
            RecentClasses.add(type);
            out.writeByte(Callee.CALL);
            Wire.writeString(out, type);
            Wire.writeString(out, lambda.getImplMethodName());
            Wire.writeString(out, lambda.getImplMethodSignature());
            Values.write(out, captured(lambda));
        } else {
            out.writeByte(Callee.OBJECT);
            Wire.writeBlock(out, Serialization.toBytes(callee));
        }
    }

    static @Nullable Object[] captured(SerializedLambda lambda) {
        @Nullable Object[] arguments = new @Nullable Object[lambda.getCapturedArgCount()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = lambda.getCapturedArg(i);
        return arguments;
    }
}
