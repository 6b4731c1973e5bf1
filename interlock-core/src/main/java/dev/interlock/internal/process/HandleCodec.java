package dev.interlock.internal.process;

import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads handles of the library, without the object streams that would take a fresh JVM longer than all the rest. The API, which
 * alone can look into them, provides the one implementation.
 */
public abstract class HandleCodec {
    private static final String IMPLEMENTATION = "dev.interlock.PlainHandles";

    private static volatile @Nullable HandleCodec provided;

    /** For the implementation. */
    protected HandleCodec() {}

    /** Called by the implementation when its class is initialized. */
    protected static void provide(HandleCodec codec) {
        provided = codec;
    }

    static HandleCodec get() throws IOException {
        HandleCodec codec = provided;
        if (codec != null) return codec;
        try {
            Class.forName(IMPLEMENTATION, true, HandleCodec.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IOException("A part of the library is missing: " + IMPLEMENTATION, e);
        }
        codec = provided;
        if (codec == null) throw new AssertionError(IMPLEMENTATION);
        return codec;
    }

    /** Whether {@code value} is a handle that needs no object stream. */
    public abstract boolean canWrite(Object value);

    /** Writes such a handle. */
    public abstract void write(DataOutputStream out, Object value) throws IOException;

    /** Reads it, and opens its region. */
    public abstract Object read(WireInput in) throws IOException;
}
