package dev.interlock.internal.process.plain;

import java.io.ObjectStreamConstants;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a stream has numbered, in order, to refer to it: descriptions of classes, strings, objects. As few as can be looked through quickly. */
final class Handles {
    private static final int MOST = 64;
    private static final int USUAL = 8;

    private Object[] all;
    private int count;

    Handles(Object[] first) {
        all = Arrays.copyOf(first, first.length + USUAL);
        count = first.length;
    }

    /** Gives it the next number. */
    int add(Object object) throws NotPlainException {
        if (count == MOST) throw new NotPlainException();
        if (count == all.length) all = Arrays.copyOf(all, 2 * count);
        all[count] = object;
        return count++;
    }

    void replace(int handle, Object object) {
        all[handle] = object;
    }

    /** Its number, or -1. Of equal objects that are not the same each has its own. */
    @SuppressWarnings("ReferenceEquality")
    int find(Object object) {
        for (int i = count - 1; i >= 0; i--) if (all[i] == object) return i;
        return -1;
    }

    /** What has the number that the stream calls so; null if nothing has. */
    @Nullable Object get(int wire) {
        int handle = wire - ObjectStreamConstants.baseWireHandle;
        return handle >= 0 && handle < count ? all[handle] : null;
    }

    Object[] toArray() {
        return Arrays.copyOf(all, count);
    }
}
