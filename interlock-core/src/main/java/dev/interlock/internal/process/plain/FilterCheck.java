package dev.interlock.internal.process.plain;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;

/**
 * Asks a filter for the first class of a stream, as {@link java.io.ObjectInputStream} does. Of a stream that describes no other class and
 * refers to nothing it asks for nothing else.
 */
final class FilterCheck {
    private final ObjectInputFilter filter;

    FilterCheck(ObjectInputFilter filter) {
        this.filter = filter;
    }

    /** Lets the class pass or throws as Java serialization does. */
    void require(PlainClass plain) throws InvalidClassException, NotPlainException {
        Status status = null;
        RuntimeException problem = null;
        try {
            status = filter.checkInput(new First(plain.type, plain.start().describedBytes()));
        } catch (RuntimeException e) {
            status = Status.REJECTED;
            problem = e;
        }
        if (status == null || status == Status.REJECTED)
            throw new InvalidClassException("filter status: " + status, problem);
    }

    /** What is known of a stream when its first class has been described. */
    private record First(Class<?> serialClass, long streamBytes) implements FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }
    }

    /**
     * Whether the filter of each stream is the one that is set for it, or the JVM's: not if the program has a factory of filters. To be
     * asked when the first stream has been read, as there may be none set from then on.
     */
    static boolean isSimple() {
        return Factory.IS_BUILT_IN;
    }

    private static final class Factory {
        static final boolean IS_BUILT_IN = isBuiltIn();

        private static boolean isBuiltIn() {
            try {
                Object factory = ObjectInputFilter.Config.getSerialFilterFactory();
                Class<?> type = factory.getClass();
                return type.getEnclosingClass() == ObjectInputFilter.Config.class;
            } catch (IllegalStateException ofItsConfiguration) {
                return false; // and Java serialization says so
            }
        }
    }
}
