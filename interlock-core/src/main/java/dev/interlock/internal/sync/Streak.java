package dev.interlock.internal.sync;

/**
 * Keeps who takes messages away from where others are just writing them. Who is faster and asks for each message at once takes the
 * cache line of the next ones from who writes there, and both wait for it again for each message: half as many again get
 * through if the reader lets some gather. So who finds no more after many messages pauses, and looks once more.
 *
 * <p>It waits for at most about half as long as these took: not at all for an answer to each message, a quarter of a microsecond after a
 * burst of eight, ten microseconds after one of hundreds.
 *
 * <p>For threads of one process; races lose counts, harmlessly.
 */
public final class Streak {
    private static final int LEAST = 8; // messages
    private static final int MOST = 320;
    private static final int ENOUGH = 4; // one in so many places of the ring

    private final int most;
    private int taken; // since the last pause, or since nobody paused after so few

    /**
     * None yet.
     *
     * @param capacity of the ring, which should not become full meanwhile
     */
    public Streak(int capacity) {
        most = Cpus.ONE ? 0 : Math.min(MOST, capacity / ENOUGH);
    }

    /** Messages were taken. */
    public void add(int messages) {
        taken += messages;
    }

    /** Whether the caller, which finds no more messages, paused in here as there were many, and should look once more. */
    public boolean pausedAfterMany() {
        int spins = Math.min(taken, most);
        taken = 0;
        return spins >= LEAST && pause(spins);
    }

    private static boolean pause(int spins) {
        if (Thread.currentThread().isVirtual()) return false; // others could use the carrier
        for (int i = 0; i < spins; i++) Thread.onSpinWait();
        return true;
    }
}
