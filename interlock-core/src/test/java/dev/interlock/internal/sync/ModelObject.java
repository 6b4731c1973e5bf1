package dev.interlock.internal.sync;

import java.util.Arrays;

/**
 * Memory in which there is one more object, laid out as its class lays it out. Real code uses it at {@link #AT}; of its words those
 * that matter are steps of the model, all others are nothing and stay 0.
 */
class ModelObject implements Words {
    /** Where real code finds the object. */
    static final long AT = 1L << 40;

    private final ModelWords words;
    private final long[] layout;

    /**
     * Makes a view of it.
     *
     * @param layout which words matter, in order of their offsets in the object: {@link ModelChecker#object} numbers them so. Its
     *     first word is where the model has its lock, and not among them
     */
    ModelObject(ModelWords words, long... layout) {
        this.words = words;
        this.layout = layout;
    }

    /* Where the model has it; -1 if it does not. */
    private long place(long offset) {
        if (offset < AT) return offset;
        if (offset == AT) return LockModel.LOCK;
        int number = Arrays.binarySearch(layout, offset - AT);
        return number < 0 ? -1 : ModelChecker.object(number);
    }

    @Override
    public long get(long offset) {
        long place = place(offset);
        return place < 0 ? 0 : words.get(place);
    }

    @Override
    public long getPlain(long offset) {
        return get(offset);
    }

    @Override
    public void put(long offset, long value) {
        long place = place(offset);
        if (place >= 0) words.put(place, value);
    }

    @Override
    public void putPlain(long offset, long value) {
        put(offset, value);
    }

    @Override
    public boolean cas(long offset, long expected, long value) {
        long place = place(offset);
        return place < 0 || words.cas(place, expected, value);
    }

    @Override
    public long getAndAdd(long offset, long delta) {
        long place = place(offset);
        return place < 0 ? 0 : words.getAndAdd(place, delta);
    }

    @Override
    public int spins(int usual) {
        return words.spins(usual);
    }

    @Override
    public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
        return words.await(place(offset), expected, deadlineNanos, interruptible);
    }

    @Override
    public int wake(long offset, int count) {
        return words.wake(place(offset), count);
    }

    @Override
    public long nanoTime() {
        return words.nanoTime();
    }
}
