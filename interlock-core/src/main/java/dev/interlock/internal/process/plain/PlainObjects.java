package dev.interlock.internal.process.plain;

import java.io.IOException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** Objects of plain classes as streams of Java serialization, and back. What cannot be done here is for Java serialization to do. */
public final class PlainObjects {
    private PlainObjects() {}

    /** A byte and the object's stream; null if it is not plain. */
    public static byte @Nullable [] toBytes(byte first, Object object) {
        PlainClass plain = PlainClass.of(object);
        if (plain == null) return null;
        try {
            return StreamWriter.toBytes(first, object, plain);
        } catch (NotPlainException e) {
            return null;
        }
    }

    /**
     * The object whose stream begins there.
     *
     * @param loader where its class is looked up
     * @param filter what a stream would ask whether the class may be read; null if nothing is asked
     * @return the object; null if Java serialization must read it
     * @throws IOException as Java serialization throws it
     */
    public static @Nullable Object fromBytes(
            byte[] bytes,
            int from,
            @Nullable ClassLoader loader,
            @Nullable ObjectInputFilter filter)
            throws IOException {
        try {
            PlainClass plain = KnownClasses.find(bytes, from, loader);
            if (plain == null || !FilterCheck.isSimple()) return null;
            if (filter == null) return StreamReader.read(bytes, from, plain);
            if (!plain.isSimpleRecord()) return null;
            return StreamReader.readChecked(bytes, from, plain, new FilterCheck(filter));
        } catch (NotPlainException e) {
            return null;
        }
    }

    /** Remembers the class of an object that Java serialization has read from there. */
    public static void remember(
            byte[] bytes, int from, @Nullable ClassLoader loader, Object object) {
        try {
            KnownClasses.add(bytes, from, loader, PlainClass.of(object));
        } catch (NotPlainException e) {
            // then it is read by Java serialization each time
        }
    }
}
