package dev.interlock.internal.sync;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Who holds an end of a pipe. When nobody does any more, the end is over, for good. */
final class PipeHolds {
    /*
     * Layout      state    63..1 how often a hold was added, 0 OVER
     *             in use   no cell from here on was ever used; grows
     *             numbers  how many were given out
     *             cell     63..10 number of the hold, 9..0 slot + 1 of the process; 0 = free
     * Hold        an open connection, or one that is on its way to another process: a ticket, in the sender's name. Who receives a
     *             ticket makes the cell its own by one CAS, so that there is no instant at which nobody holds the end.
     * Adding      CAS a free cell; then count it in state, unless OVER is there: then the cell is given back.
     * Over        Who sees no hold sets OVER on the very state that it read before it looked. A hold that was added meanwhile has
     *             counted itself, or will find OVER. All others moved in place, or were gone.
     * Death       of a process: the sweep frees all cells that name it, the tickets included. Between cell and state: the same. Between
     *             the last hold's end and OVER: whoever looks next sets it.
     * ABA         Numbers do not come again, so who was stopped before a CAS compares in vain.
     */
    private static final int STATE = 0;
    private static final int IN_USE = 8;
    private static final int NUMBERS = 16;
    private static final int FIRST_CELL = 64;

    /** How many holds an end can have at a time. */
    static final int CELLS = 510;

    private static final long OVER = 1;
    private static final long ONE_MORE = 2;
    private static final int SLOT_BITS = 10;

    private PipeHolds() {}

    /** One hold. */
    record Hold(int cell, long value) {}

    private static long cell(long end, long index) {
        return end + FIRST_CELL + index * 8;
    }

    private static long newValue(Words words, long end, int slot) {
        return (words.getAndAdd(end + NUMBERS, 1) + 1) << SLOT_BITS | (slot + 1);
    }

    /** Adds a hold of a process; null if the end is over. */
    static @Nullable Hold add(Words words, long end, int slot) {
        long value = newValue(words, end, slot);
        for (int i = 0; i < CELLS; i++) {
            if (words.get(cell(end, i)) != 0) continue;
            raiseInUse(words, end, i + 1);
            if (!words.cas(cell(end, i), 0, value)) continue;
            Hold hold = new Hold(i, value);
            if (count(words, end)) return hold;
            remove(words, end, hold);
            return null;
        }
        throw new IllegalStateException(
                "An end of a pipe has "
                        + CELLS
                        + " holders, as many as it can have. Close connections, or receive those that were sent.");
    }

    private static void raiseInUse(Words words, long end, long count) {
        long seen = words.get(end + IN_USE);
        while (seen < count && !words.cas(end + IN_USE, seen, count))
            seen = words.get(end + IN_USE);
    }

    private static boolean count(Words words, long end) {
        while (true) { // until counted, or over
            long state = words.get(end + STATE);
            if ((state & OVER) != 0) return false;
            if (words.cas(end + STATE, state, state + ONE_MORE)) return true;
        }
    }

    /** Makes a ticket a hold of the process that received it; null if the ticket is not valid any more. */
    static @Nullable Hold move(Words words, long end, Hold ticket, int slot) {
        if (ticket.cell < 0 || ticket.cell >= CELLS || ticket.value == 0) return null;
        long value = newValue(words, end, slot);
        boolean moved = words.cas(cell(end, ticket.cell), ticket.value, value);
        return moved ? new Hold(ticket.cell, value) : null;
    }

    /** Ends a hold; nothing happens if it has ended. */
    static void remove(Words words, long end, Hold hold) {
        words.cas(cell(end, hold.cell), hold.value, 0);
    }

    /** Whether it is known that nobody holds the end. */
    static boolean isKnownOver(Words words, long end) {
        return (words.get(end + STATE) & OVER) != 0;
    }

    /** Whether nobody holds the end. */
    static boolean isOver(Words words, long end) {
        while (true) { // until a hold is found, or it is over
            long state = words.get(end + STATE);
            if ((state & OVER) != 0) return true;
            if (isHeld(words, end)) return false;
            if (words.cas(end + STATE, state, state | OVER)) return true;
        }
    }

    private static boolean isHeld(Words words, long end) {
        long inUse = inUse(words, end);
        for (long i = 0; i < inUse; i++) if (words.get(cell(end, i)) != 0) return true;
        return false;
    }

    private static long inUse(Words words, long end) {
        return Math.clamp(words.get(end + IN_USE), 0, CELLS);
    }

    /** Names the slots of those who hold the end, some of them more than once. */
    static void forEachHolder(Words words, long end, IntConsumer visitor) {
        long inUse = inUse(words, end);
        for (long i = 0; i < inUse; i++) {
            int slot = slot(words.get(cell(end, i)));
            if (slot >= 0 && slot < LockWord.SLOT) visitor.accept(slot);
        }
    }

    private static int slot(long value) {
        return (int) (value & ((1 << SLOT_BITS) - 1)) - 1;
    }

    /** Frees the cells of a dead process. */
    static void sweep(Words words, long end, int dead, BooleanSupplier stillDying) {
        long inUse = inUse(words, end);
        for (long i = 0; i < inUse; i++) {
            long value = words.get(cell(end, i));
            if (value == 0 || slot(value) != dead) continue;
            if (!stillDying.getAsBoolean()) return;
            words.cas(cell(end, i), value, 0);
        }
        isOver(words, end);
    }
}
