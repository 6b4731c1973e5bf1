package dev.interlock.internal.process.plain;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which plain class a stream begins with, by its first bytes, for who has seen one with the same class loader. */
final class KnownClasses {
    /*
     * A table of lists that only grow at their heads and are replaced when one of their classes is gone. Two threads that add at once
     * may lose an entry, which is then added again.
     *
     * Unloading  An entry holds class and loader weakly, and bytes that it has from the first stream.
     */
    private static final int LISTS = 256; // a power of two
    private static final int LONGEST = 8;
    private static final int NAME =
            8; // where the length of the class's name stands: after magic, version, two codes

    private static final AtomicReferenceArray<@Nullable Entry> TABLE =
            new AtomicReferenceArray<>(LISTS);

    private KnownClasses() {}

    private record Entry(
            WeakReference<PlainClass> plain,
            @Nullable WeakReference<ClassLoader> loader, // null: the boot loader
            @Nullable Entry next) {

        boolean isFor(@Nullable ClassLoader wanted) {
            return loader == null ? wanted == null : wanted != null && loader.refersTo(wanted);
        }
    }

    /** The class that the stream begins with, if it is known what that loader has by its name, and described as it is here. */
    static @Nullable PlainClass find(byte[] bytes, int from, @Nullable ClassLoader loader)
            throws NotPlainException {
        for (Entry e = TABLE.get(list(bytes, from)); e != null; e = e.next) {
            PlainClass plain = e.isFor(loader) ? e.plain.get() : null;
            if (plain != null && plain.start().isAt(bytes, from)) return plain;
        }
        return null;
    }

    /* By the length of the class's name and its last letters, which differ most. */
    private static int list(byte[] bytes, int from) {
        int at = from + NAME;
        if (bytes.length < at) return 0;
        int length = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at - Short.BYTES));
        int end = Math.min(bytes.length, at + length);
        int hash = length;
        for (int i = Math.max(at, end - 8); i < end; i++) hash = 31 * hash + bytes[i];
        return (hash ^ (hash >>> 8)) & (LISTS - 1);
    }

    /** Notes that a stream which begins so was read with that loader, and was an object of the class. */
    static void add(
            byte[] bytes, int from, @Nullable ClassLoader loader, @Nullable PlainClass plain)
            throws NotPlainException {
        if (plain == null || !plain.start().isAt(bytes, from)) return;
        int list = list(bytes, from);
        Entry kept = null;
        int count = 1;
        for (Entry e = TABLE.get(list); e != null && count < LONGEST; e = e.next) {
            if (e.plain.refersTo(null) || (e.plain.refersTo(plain) && e.isFor(loader))) continue;
            kept = new Entry(e.plain, e.loader, kept);
            count++;
        }
        var weakLoader = loader == null ? null : new WeakReference<>(loader);
        TABLE.set(list, new Entry(new WeakReference<>(plain), weakLoader, kept));
    }
}
