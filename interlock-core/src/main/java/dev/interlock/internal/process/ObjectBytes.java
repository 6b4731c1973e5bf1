package dev.interlock.internal.process;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** Objects as bytes by Java serialization, for messages. */
public final class ObjectBytes {
    private ObjectBytes() {}

    /** The object as bytes. */
    public static byte[] toBytes(Object object) throws IOException {
        return Serialization.toBytes(object);
    }

    /**
     * The object again. Its classes are looked up where the calling thread's are.
     *
     * @param filter which classes it may have, as {@link ObjectInputFilter.Config} understands it; null for all
     */
    public static Object fromBytes(byte[] bytes, @Nullable String filter)
            throws IOException, ClassNotFoundException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ObjectInputFilter classes =
                filter == null ? null : ObjectInputFilter.Config.createFilter(filter);
        Object object = Serialization.fromBytes(bytes, loader, classes);
        if (object == null) throw new InvalidObjectException("It is null.");
        return object;
    }
}
