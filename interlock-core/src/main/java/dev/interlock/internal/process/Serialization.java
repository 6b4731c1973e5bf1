package dev.interlock.internal.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Java serialization with limits, and with classes looked up where the task comes from. */
final class Serialization {
    /** The deepest nesting of objects that is read. Writing overflows the stack earlier in most JVMs. */
    static final int MAX_DEPTH = 10_000;

    private Serialization() {}

    static byte[] toBytes(@Nullable Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, value);
        return bytes.toByteArray();
    }

    static void write(OutputStream to, @Nullable Object value) throws IOException {
        ObjectOutputStream out = new ObjectOutputStream(to);
        out.writeObject(value);
        out.flush();
    }

    /**
     * Rebuilds an object.
     *
     * @param loader where to look for classes first; null for the boot loader
     */
    static @Nullable Object fromBytes(byte[] bytes, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        return read(new ByteArrayInputStream(bytes), bytes.length, loader);
    }

    /**
     * Rebuilds an object from the last {@code length} bytes of a stream.
     *
     * @param loader where to look for classes first; null for the boot loader
     */
    static @Nullable Object read(InputStream from, long length, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        ObjectInputStream in = new Reader(from, loader);
        in.setObjectInputFilter(new Limits(length));
        return in.readObject();
    }

    /** The same, from some byte on, and of classes that a filter lets through, if there is one. */
    static @Nullable Object fromBytes(
            byte[] bytes,
            int from,
            @Nullable ClassLoader loader,
            @Nullable ObjectInputFilter classes)
            throws IOException, ClassNotFoundException {
        int length = bytes.length - from;
        ObjectInputStream in = new Reader(new ByteArrayInputStream(bytes, from, length), loader);
        in.setObjectInputFilter(filter(length, classes));
        return in.readObject();
    }

    private static ObjectInputFilter filter(long length, @Nullable ObjectInputFilter classes) {
        ObjectInputFilter limits = new Limits(length);
        return classes == null ? limits : ObjectInputFilter.merge(classes, limits);
    }

    /** What decides about the classes of a stream of that length, besides its length; null if nothing does. */
    static @Nullable ObjectInputFilter filterIfAny(
            long length, @Nullable ObjectInputFilter classes) {
        boolean isAny = classes != null || ObjectInputFilter.Config.getSerialFilter() != null;
        return isAny ? filter(length, classes) : null;
    }

    private static final class Reader extends ObjectInputStream {
        private final @Nullable ClassLoader loader;

        Reader(InputStream in, @Nullable ClassLoader loader) throws IOException {
            super(in);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description)
                throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // knows primitive types, too
            }
        }
    }

    /*
     * The sender is our own parent or child on a private channel, so this is not a fence against an enemy; it keeps a damaged or
     * foreign stream from taking all memory. An honest stream cannot name an array much longer than itself, since each element takes
     * a byte or more; hash tables ask for up to eight times the entries they hold.
     */
    private static final class Limits implements ObjectInputFilter {
        private final long bytes;
        private final @Nullable ObjectInputFilter ofProgram = Config.getSerialFilter();

        Limits(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.depth() > MAX_DEPTH
                    || info.references() > bytes
                    || info.streamBytes() > bytes
                    || info.arrayLength() > 1024 + 16 * bytes) return Status.REJECTED;
            return ofProgram == null ? Status.UNDECIDED : ofProgram.checkInput(info);
        }
    }
}
