package dev.interlock.internal.sync;

/** When one waiter tries again by itself, in one wait, as it may not be told: see Untold in {@link RingSignal}. */
public final class SecondTry {
    private static final long SETTLED_NANOS = 2_000_000;

    private final Words words;
    private int sleptOn; // as it was announced; 0: on nothing yet
    private long settledAt = Words.NEVER;
    private boolean isLate;

    SecondTry(Words words) {
        this.words = words;
    }

    /** To be called before the waiter announces itself and tries, each time. */
    public void begin() {
        isLate = settledAt != Words.NEVER && words.nanoTime() >= settledAt;
    }

    /** Until when to sleep, at most, on what was announced then; the try was in vain. */
    public long until(int announced, long deadlineNanos) {
        boolean isNew = announced != sleptOn;
        if (isLate && !isNew) return deadlineNanos;
        if (isNew) settledAt = settledAt(words);
        sleptOn = announced;
        return Math.min(deadlineNanos, settledAt);
    }

    /** When what others store before now is seen for certain. */
    static long settledAt(Words words) {
        return words.nanoTime() + SETTLED_NANOS;
    }
}
