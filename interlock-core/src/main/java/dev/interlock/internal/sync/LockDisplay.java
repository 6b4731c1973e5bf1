package dev.interlock.internal.sync;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a lock's cell tells to those who look: owner, time, token. Reading never waits, and never disturbs the owner. */
public final class LockDisplay {
    private static final int TRIES = 100;

    private LockDisplay() {}

    /**
     * Who holds a lock.
     *
     * @param slot of the owner's process
     * @param threadName empty if it is not known
     * @param sinceMillis milliseconds of the epoch
     */
    public record Owner(int slot, String threadName, long sinceMillis) {}

    /** The owner, or null if the lock is free. */
    public static @Nullable Owner owner(Words words, long at) {
        for (int i = 0; i < TRIES; i++) {
            long before = words.get(at);
            if (LockWord.isFree(before)) return null;
            long key = words.get(at + LockWord.NAME_KEY);
            String name = readName(words, at + LockWord.NAME);
            long since = words.get(at + LockWord.SINCE);
            if (LockWord.number(words.get(at)) != LockWord.number(before)) continue;
            boolean known =
                    words.get(at + LockWord.NAME_KEY) == key && LockWord.isOwner(before, key);
            if (!known && i < TRIES - 1) { // the owner is about to tell
                Thread.onSpinWait();
                continue;
            }
            return new Owner(LockWord.ownerSlot(before), known ? name : "", since);
        }
        return null; // it changes hands all the time
    }

    /** Whether somebody holds the lock. */
    public static boolean isLocked(Words words, long at) {
        return !LockWord.isFree(words.get(at));
    }

    /** Whether an owner died and nobody has repaired since. */
    public static boolean isAbandoned(Words words, long at) {
        return LockWord.has(words.get(at), LockWord.ABANDONED);
    }

    /** Ends the abandoned state of a lock that the calling thread owns. */
    public static void clearAbandoned(Words words, long at) {
        long seen = words.get(at);
        while (LockWord.has(seen, LockWord.ABANDONED)
                && !words.cas(at, seen, LockWord.without(seen, LockWord.ABANDONED))) {
            seen = words.get(at);
        }
    }

    /**
     * Ends the abandoned state of a lock that nobody owns.
     *
     * @return false if somebody owns it
     */
    public static boolean clearAbandonedIfFree(Words words, long at) {
        while (true) { // until the word stood still for one CAS
            long seen = words.get(at);
            if (!LockWord.isFree(seen)) return false;
            if (!LockWord.has(seen, LockWord.ABANDONED)) return true;
            if (words.cas(at, seen, LockWord.without(seen, LockWord.ABANDONED))) return true;
        }
    }

    /** How often the lock was acquired: 64 bits, though the word holds but 32. */
    public static long token(Words words, long at) {
        return extend(words.get(at + LockWord.EPOCH), words.get(at));
    }

    /* The upper half of the word wraps around; this cell, renewed long before it is half a turn behind, tells how often it has. */
    static boolean isEpochDue(Words words, long at, long word) {
        return LockWord.number(word) - (int) words.getPlain(at + LockWord.EPOCH)
                > LockWord.EPOCH_EVERY;
    }

    static void recordEpoch(Words words, long at, long word) {
        words.putPlain(at + LockWord.EPOCH, extend(words.getPlain(at + LockWord.EPOCH), word));
    }

    private static long extend(long epoch, long word) {
        return epoch + (LockWord.number(word) - (int) epoch);
    }

    static void writeName(Words words, long at, byte[] name) {
        int length = wholeCharacters(name, LockWord.NAME_BYTES);
        for (int i = 0; i < LockWord.NAME_BYTES; i += 8) {
            long chunk = 0;
            for (int j = 0; j < 8 && i + j < length; j++) chunk |= (name[i + j] & 0xFFL) << (8 * j);
            words.putPlain(at + i, chunk);
            if (i >= length) return; // the zero that ends it is there
        }
    }

    /** The length of {@code utf8}, or as much of it as fits without cutting a character. */
    private static int wholeCharacters(byte[] utf8, int limit) {
        if (utf8.length <= limit) return utf8.length;
        int length = limit;
        while (length > 0 && (utf8[length] & 0xC0) == 0x80) length--;
        return length;
    }

    private static String readName(Words words, long at) {
        byte[] name = new byte[LockWord.NAME_BYTES];
        int length = 0;
        for (int i = 0; i < name.length; i += 8) {
            long chunk = words.getPlain(at + i);
            for (int j = 0; j < 8; j++) {
                byte b = (byte) (chunk >>> (8 * j));
                if (b == 0) return new String(Arrays.copyOf(name, length), StandardCharsets.UTF_8);
                name[length++] = b;
            }
        }
        return new String(name, StandardCharsets.UTF_8);
    }
}
