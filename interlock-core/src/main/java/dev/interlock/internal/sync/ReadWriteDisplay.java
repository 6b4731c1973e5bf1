package dev.interlock.internal.sync;

/** What a read-write lock's cell tells to those who look, without waiting and without disturbing anybody. */
public final class ReadWriteDisplay {
    private ReadWriteDisplay() {}

    /** Whether a thread writes. */
    public static boolean isWritten(Words words, long at) {
        return ReadWriteCell.isWriting(words.get(at + ReadWriteCell.WRITES));
    }

    /** Whether a writer died writing and nobody has repaired since. */
    public static boolean isAbandoned(Words words, long at) {
        return (words.get(at + ReadWriteCell.WRITES) & ReadWriteCell.DIRTY) != 0;
    }

    /** How many threads of the process in that slot read; such as are about to find that they may not may be among them. */
    public static int readers(Words words, long at, int slot) {
        return ReadWriteCell.count(words.get(ReadWriteCell.readers(at, slot)));
    }
}
