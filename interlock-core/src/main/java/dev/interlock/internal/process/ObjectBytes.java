package dev.interlock.internal.process;

import dev.interlock.internal.process.plain.PlainObjects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** Objects as bytes by Java serialization, for messages. */
public final class ObjectBytes {
    private static final int USUAL_BYTES = 256;

    /*
     * How many objects Java serialization handles before we look for a faster way. That needs reflection on fields, which takes a cold JVM 10 ms: as
     * much as a hundred objects, and a child may have only one to send.
     */
    private static final int FIRST_ONES = 32;

    private static int objects; // written and read, up to that; races lose some

    private ObjectBytes() {}

    /** The object as bytes, after a first one. */
    public static byte[] toBytes(byte first, Object object) throws IOException {
        byte[] plain = isWarm() ? PlainObjects.toBytes(first, object) : null;
        if (plain != null) return plain;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        bytes.write(first);
        Serialization.write(bytes, object);
        return bytes.toByteArray();
    }

    /**
     * The object that is in the bytes after the first. Its classes are looked up where the calling thread's are.
     *
     * @param classes which classes it may have; null for all
     */
    public static Object fromBytes(byte[] bytes, @Nullable ObjectInputFilter classes)
            throws IOException, ClassNotFoundException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean isWarm = isWarm();
        ObjectInputFilter filter = Serialization.filterIfAny(bytes.length - 1, classes);
        Object plain = isWarm ? PlainObjects.fromBytes(bytes, 1, loader, filter) : null;
        if (plain != null) return plain;
        Object object = Serialization.fromBytes(bytes, 1, loader, classes);
        if (object == null) throw new InvalidObjectException("It is null.");
        if (isWarm) PlainObjects.remember(bytes, 1, loader, object);
        return object;
    }

    private static boolean isWarm() {
        if (objects >= FIRST_ONES) return true;
        objects++;
        return false;
    }
}
