package dev.interlock.internal.process;

import org.jspecify.annotations.Nullable;

/*
 * To make the first VarHandle of memory JDK 25 makes a dozen method handles of its own (in jdk.internal.foreign.Utils and LayoutPath),
 * which nobody calls as a rule. For each shape of their types it generates, compiles and loads a class: ten of the twelve milliseconds, with a cache without
 * these, that a JVM needs before it can first read memory, and more time of its compilers.
 *
 * An AOT cache of linked classes holds such generated classes only if a lambda in it leads to them, and the JDK's handles are no lambdas.
 * But the code is shared by all methods of a shape. So here are lambdas whose methods have those shapes: to link them in the JVM that is
 * recorded puts the code into the cache, for whatever handle is made later. Only kind and type count: all classes are alike.
 *
 * For a later JDK, which may want other shapes, nothing is linked (StartCache.isOfSharers).
 */
/** Has the AOT cache hold the code of those method handles that access to memory takes. Nobody calls these lambdas. */
@SuppressWarnings("UnusedMethod") // linked is all that they are to be
final class HandleForms {
    private HandleForms() {}

    private interface FromObject {
        long apply(@Nullable Object object);
    }

    private interface ToObject {
        @Nullable Object apply(long number);
    }

    private interface WithObject {
        @Nullable Object apply(long number, @Nullable Object object);
    }

    private interface OfTwo {
        long apply(long first, long second);
    }

    private interface OfFour {
        long apply(long first, long second, long third, long fourth);
    }

    private interface Check {
        void apply(@Nullable Object object, long number, @Nullable Object other);
    }

    /** Methods of an interface are called by other code than those of a class. */
    private interface Memory {
        @Nullable Object slice(long offset, long size);

        @Nullable Object slice(long offset, @Nullable Object layout);
    }

    private interface Slice {
        @Nullable Object apply(Memory memory, long offset, long size);
    }

    private interface SliceLike {
        @Nullable Object apply(Memory memory, long offset, @Nullable Object layout);
    }

    /** Links them. */
    static void link() {
        FromObject fromObject = HandleForms::fromObject; // SharedUtils.unboxSegment
        ToObject toObject = HandleForms::toObject; // Utils.longToAddress
        WithObject withObject = HandleForms::withObject; // Utils.longToAddress
        OfTwo ofTwo = HandleForms::ofTwo; // Math.addExact
        OfFour ofFour = HandleForms::ofFour; // LayoutPath.addScaledOffset
        Check check = HandleForms::check; // LayoutPath.checkEnclosingLayout
        Slice slice = Memory::slice; // MemorySegment.asSlice
        SliceLike sliceLike = Memory::slice; // MemorySegment.asSlice
        Practice.seen =
                new Object[] {
                    fromObject, toObject, withObject, ofTwo, ofFour, check, slice, sliceLike
                };
    }

    private static long fromObject(@Nullable Object object) {
        return 0;
    }

    private static @Nullable Object toObject(long number) {
        return null;
    }

    private static @Nullable Object withObject(long number, @Nullable Object object) {
        return object;
    }

    private static long ofTwo(long first, long second) {
        return first;
    }

    private static long ofFour(long first, long second, long third, long fourth) {
        return first;
    }

    private static void check(@Nullable Object object, long number, @Nullable Object other) {}
}
