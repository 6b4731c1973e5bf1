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
        if (KnownLambdas.write(out, callee, arguments)) return;
        SerializedLambda lambda = LambdaBody.of(callee);
        ClassLoader loader = callee.getClass().getClassLoader();
        if (lambda != null && LambdaBody.isCallable(lambda, arguments, loader)) {
            writeCall(out, callee, lambda, arguments);
        } else {
            out.writeByte(Callee.OBJECT);
            Wire.writeBlock(out, Serialization.toBytes(callee));
        }
    }

    private static void writeCall(
            DataOutputStream out, Object callee, SerializedLambda lambda, int arguments)
            throws IOException {
        String type = lambda.getImplClass().replace('/', '.');
        RecentClasses.add(type);
        if (!KnownLambdas.isLikeOthers(callee, lambda)) {
            writeCall(out, type, lambda);
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeCall(new DataOutputStream(bytes), type, lambda);
        KnownLambdas.add(callee, arguments, type, bytes.toByteArray());
        bytes.writeTo(out);
    }

    private static void writeCall(DataOutputStream out, String type, SerializedLambda lambda)
            throws IOException {
        out.writeByte(Callee.CALL);
        Wire.writeString(out, type);
        Wire.writeString(out, lambda.getImplMethodName());
        Wire.writeString(out, lambda.getImplMethodSignature());
        Values.write(out, captured(lambda));
    }

    static @Nullable Object[] captured(SerializedLambda lambda) {
        @Nullable Object[] arguments = new @Nullable Object[lambda.getCapturedArgCount()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = lambda.getCapturedArg(i);
        return arguments;
    }
}
