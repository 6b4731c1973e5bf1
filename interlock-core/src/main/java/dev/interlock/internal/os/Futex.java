package dev.interlock.internal.os;

import dev.interlock.internal.os.Syscalls.Call;
import dev.interlock.internal.os.Syscalls.Outcome;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sleeping on words of shared memory until another process wakes us.
 *
 * <p>Addresses are raw: the caller keeps the memory mapped until the call is back. An address that is unmapped
 * nevertheless gives {@link Outcome#CHANGED} (EFAULT), never a crash, since only the kernel follows it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2)</a>
 */
public final class Futex {
    /** The most words that one call can wait for. */
    public static final int MAX_WORDS = 128;

    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int MATCH_ANY = -1;
    private static final int SIZE_U32 = 2; // without FUTEX2_PRIVATE: shared between processes
    private static final int CLOCK_MONOTONIC = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** No deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    private static volatile boolean waitvRefused =
            Boolean.getBoolean("interlock.futex.waitv.refused");

    private Futex() {}

    /** Whether the kernel offers a wait for several words; known for sure after the first try. */
    public static boolean canWaitForMany() {
        return !waitvRefused;
    }

    /**
     * Wakes sleepers of any process.
     *
     * @param address of a 32-bit word
     * @param count how many at most
     * @return how many were woken
     */
    public static int wake(long address, int count) {
        return (int) Math.max(0, Syscalls.call(Call.FUTEX, address, FUTEX_WAKE, count, 0, 0, 0));
    }

    /**
     * Memory for the arguments of one sleeping call: errno, deadline, words. Not for two threads at once; take one from
     * the pool and give it back.
     */
    public static final class Frame {
        private static final VarHandle OWN = ValueLayout.JAVA_INT.varHandle();
        private static final long ERRNO = 0;
        private static final long DEADLINE = 16; // struct timespec
        private static final long OWN_WORD = 40; // for whom it serves: an interrupt, a doorbell
        private static final long WORDS = 64; // struct futex_waitv[]
        private static final long WORD_SIZE = 24;
        private static final ConcurrentLinkedQueue<Frame> POOL = new ConcurrentLinkedQueue<>();

        private final MemorySegment memory;
        private final MemorySegment errno;
        private final int capacity;
        private final InterruptHook hook = new InterruptHook(this::ringOwnWord);
        private int wokenIndex;

        /** Makes a frame that lives as long as the JVM. */
        public Frame(int words) {
            capacity = words;
            memory = Arena.global().allocate(WORDS + words * WORD_SIZE, 64);
            errno = memory.asSlice(ERRNO, 8);
        }

        /** A frame for two words. */
        public static Frame take() {
            Frame frame = POOL.poll();
            return frame != null ? frame : new Frame(2);
        }

        /** Gives a frame of {@link #take()} back. */
        public void giveBack() {
            POOL.offer(this);
        }

        /** Rings this frame's own word at interrupts of the thread between its enter and its leave. */
        public InterruptHook interruptHook() {
            return hook;
        }

        /** Which word ended the last wait whose outcome was DONE; if several did, the last of them. */
        public int wokenIndex() {
            return wokenIndex;
        }

        /** The address of a word of this frame's own that others may store to and wake. */
        public long ownWord() {
            return memory.address() + OWN_WORD;
        }

        /** Reads the own word. */
        public int ownValue() {
            return (int) OWN.getAcquire(memory, OWN_WORD);
        }

        /** Changes the own word and wakes who sleeps on it. */
        public void ringOwnWord() {
            OWN.getAndAdd(memory, OWN_WORD, 1);
            wake(ownWord(), 1);
        }

        /** Sets the word to wait for at {@code index}. */
        public void set(int index, long address, int expected) {
            long at = WORDS + index * WORD_SIZE;
            memory.set(ValueLayout.JAVA_LONG, at, expected & 0xFFFF_FFFFL);
            memory.set(ValueLayout.JAVA_LONG, at + 8, address);
            memory.set(ValueLayout.JAVA_INT, at + 16, SIZE_U32);
            memory.set(ValueLayout.JAVA_INT, at + 20, 0);
        }

        /** How many words fit. */
        public int capacity() {
            return capacity;
        }

        /**
         * Sleeps until one of the first {@code count} words is woken or has changed.
         *
         * @param deadlineNanos on the clock of {@link System#nanoTime()}, or {@link #NEVER}
         */
        public Outcome waitForAny(int count, long deadlineNanos) {
            if (waitvRefused) return Outcome.REFUSED;
            long result =
                    Syscalls.callSleeping(
                            errno,
                            Call.FUTEX_WAITV,
                            memory.address() + WORDS,
                            count,
                            0,
                            deadline(deadlineNanos),
                            CLOCK_MONOTONIC,
                            0);
            Outcome outcome = Syscalls.outcomeOf(result);
            if (outcome == Outcome.DONE) wokenIndex = (int) result;
            if (outcome == Outcome.REFUSED) waitvRefused = true;
            return outcome;
        }

        /** Sleeps until the word is woken or differs from {@code expected}. */
        public Outcome waitForOne(long address, int expected, long deadlineNanos) {
            return Syscalls.outcomeOf(
                    Syscalls.callSleeping(
                            errno,
                            Call.FUTEX,
                            address,
                            FUTEX_WAIT_BITSET,
                            expected & 0xFFFF_FFFFL,
                            deadline(deadlineNanos),
                            0,
                            MATCH_ANY & 0xFFFF_FFFFL));
        }

        /*
         * HotSpot's nanoTime is CLOCK_MONOTONIC itself on Linux, so that the kernel can be given the deadline as it is.
         */
        private long deadline(long deadlineNanos) {
            if (deadlineNanos == NEVER) return 0;
            long nanos = Math.max(0, deadlineNanos);
            memory.set(ValueLayout.JAVA_LONG, DEADLINE, nanos / NANOS_PER_SECOND);
            memory.set(ValueLayout.JAVA_LONG, DEADLINE + 8, nanos % NANOS_PER_SECOND);
            return memory.address() + DEADLINE;
        }
    }
}
