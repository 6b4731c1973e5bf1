package dev.interlock.internal.process.plain;

import java.io.Externalizable;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects of all sorts. */
@SuppressWarnings({
    "serial",
    "UnusedVariable"
}) // no numbers of versions, as in most programs; serialization uses fields
final class Samples {
    private Samples() {}

    enum Side {
        BUY,
        SELL {
            @Override
            public String toString() {
                return "with a body";
            }
        }
    }

    record Nothing() implements Serializable {}

    record Trade(long number, @Nullable String symbol, double price, int quantity)
            implements Serializable {}

    record Primitives(
            byte b, char c, double d, float f, int i, long j, short s, boolean z, boolean no)
            implements Serializable {
        static final Primitives ONE =
                new Primitives(
                        (byte) -1,
                        'ü',
                        -0.0,
                        Float.NaN,
                        7,
                        Long.MIN_VALUE,
                        (short) -2,
                        true,
                        false);
    }

    record Numbered(int i, String text) implements Serializable {
        private static final long serialVersionUID = 4711;
    }

    record Boxes(
            @Nullable Byte b,
            Character c,
            Double d,
            Float f,
            Integer i,
            Long j,
            Short s,
            Boolean z,
            Integer again)
            implements Serializable {}

    record Order(Side side, @Nullable Side other, Trade first, Trade second, String note)
            implements Serializable {}

    record Chain(int number, @Nullable Chain next) implements Serializable {
        static Chain of(int length) {
            Chain chain = null;
            for (int i = 0; i < length; i++) chain = new Chain(i, chain);
            return Objects.requireNonNull(chain);
        }
    }

    record Any(@Nullable Object object, CharSequence text) implements Serializable {}

    record Generic<T extends Serializable>(T value, int i) implements Serializable {}

    /** Throws when made without a text. */
    record Strict(int i, @Nullable String text) implements Serializable {
        static boolean isLax;

        Strict {
            if (text == null && !isLax) throw new IllegalArgumentException("no text for " + i);
        }
    }

    /** Shown by all its fields. */
    abstract static class Shown {
        abstract Object[] fields();

        @Override
        @SuppressWarnings("EqualsGetClass") // the class is what is to be compared, too
        public boolean equals(@Nullable Object other) {
            return other != null
                    && other.getClass() == getClass()
                    && Arrays.deepEquals(((Shown) other).fields(), fields());
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(fields());
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + Arrays.deepToString(fields());
        }
    }

    static class NotSerialized extends Shown {
        int lost = 1;

        @Override
        Object[] fields() {
            return new Object[] {lost};
        }
    }

    static class Base extends NotSerialized implements Serializable {
        private int number;
        protected @Nullable String name;

        Base(int number, @Nullable String name) {
            this.number = number;
            this.name = name;
            lost = 2;
        }

        @Override
        Object[] fields() {
            return new Object[] {number, name, super.fields()};
        }
    }

    static final class Derived extends Base {
        private final long number; // the same name again
        private final Side side;
        transient int passing = 5;
        private @Nullable Boolean flag;

        Derived(int a, String name, long number, Side side) {
            super(a, name);
            this.number = number;
            this.side = side;
        }

        @Override
        Object[] fields() {
            return new Object[] {number, side, passing, flag, super.fields()};
        }
    }

    static final class Node implements Serializable {
        private final int number;
        @Nullable Node other;

        Node(int number) {
            this.number = number;
        }
    }

    abstract static class Abstract extends Shown implements Serializable {
        byte b = 3;
        char c = 'c';
        float f = 1.5f;
        short s = 9;
        boolean z = true;

        @Override
        Object[] fields() {
            return new Object[] {b, c, f, s, z};
        }
    }

    static final class Concrete extends Abstract {}

    // what serialization is told to treat in another way

    static final class WithWriteObject implements Serializable {
        private int i = 1;

        private void writeObject(ObjectOutputStream out) throws java.io.IOException {
            out.writeInt(i);
        }

        private void readObject(ObjectInputStream in) throws java.io.IOException {
            i = 10 + in.readInt();
        }
    }

    static final class WithReadObject implements Serializable {
        private int i = 1;

        private void readObject(ObjectInputStream in) throws Exception {
            in.defaultReadObject();
            i += 10;
        }
    }

    static class WithReadResolve implements Serializable {
        static final WithReadResolve ONE = new WithReadResolve();

        protected Object readResolve() {
            return ONE;
        }
    }

    static final class InheritsReadResolve extends WithReadResolve {}

    record Replaced(int i) implements Serializable {
        private Object writeReplace() {
            return new External();
        }
    }

    record Resolved(int i) implements Serializable {
        private Object readResolve() {
            return "resolved";
        }
    }

    static final class External implements Externalizable {
        @Override
        public void writeExternal(ObjectOutput out) {}

        @Override
        public void readExternal(ObjectInput in) {}
    }

    static final class OwnFields implements Serializable {
        private static final ObjectStreamField[] serialPersistentFields = {
            new ObjectStreamField("i", int.class)
        };
        private int i = 1;
        private int j = 2;
    }

    record WithList(List<String> list) implements Serializable {}

    static List<Object> plain() {
        String shared = new String("shared");
        Trade one = new Trade(1, shared, 2.5, 3);
        Boxes boxes = new Boxes((byte) 1, 'x', 2.0, 3f, 4, 5L, (short) 6, true, 4);
        return List.of(
                new Nothing(),
                one,
                new Trade(-1, null, Double.NaN, Integer.MIN_VALUE),
                new Trade(2, "", 0, 0),
                new Trade(2, "Grüße, \u0000 \ud83d\ude00 and half \ud83d", 0, 0),
                new Trade(2, "x".repeat(65_535), 0, 0),
                Primitives.ONE,
                new Numbered(1, "one"),
                boxes,
                new Boxes(null, 'x', 2.0, 3f, 4, 5L, (short) 6, false, 1000),
                new Order(Side.SELL, Side.BUY, one, one, shared),
                new Order(Side.SELL, Side.SELL, one, new Trade(7, shared, 8, 9), "SELL"),
                new Order(Side.BUY, null, one, new Trade(1, shared, 2.5, 3), "BUY"),
                Chain.of(20),
                new Any("an object", "a text"),
                new Any(null, shared),
                new Generic<>("value", 1),
                Side.BUY,
                Side.SELL,
                new Strict(1, "text"),
                new Base(1, "base"),
                new Derived(1, "derived", 2, Side.SELL),
                new Concrete());
    }

    /** Those that only Java serialization can write or read. */
    static List<Object> notPlain() {
        return List.of(
                new WithWriteObject(),
                new WithReadObject(),
                new WithReadResolve(),
                new InheritsReadResolve(),
                new Replaced(1),
                new Resolved(1),
                new External(),
                new OwnFields(),
                new WithList(List.of("a")),
                new Any(1, "a text"),
                new Generic<>(1, 1),
                new Trade(1, "x".repeat(65_536), 0, 0),
                new Trade(1, "ü".repeat(40_000), 0, 0),
                Chain.of(100),
                new ArrayList<>(List.of(1)),
                new int[] {1},
                new Exception("problem"),
                (Comparable<String> & Serializable) text -> 1);
    }
}
