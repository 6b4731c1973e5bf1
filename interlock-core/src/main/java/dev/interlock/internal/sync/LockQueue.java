package dev.interlock.internal.sync;

import java.util.ArrayList;
import java.util.List;

/** Who stands in line for a lock: the threads that wait for it, and those that were signalled and have to take it anew. */
public final class LockQueue {
    private LockQueue() {}

    /** How many threads of all processes do, at this moment. */
    public static int length(Words words, long root, long lock) {
        Visitor seen = new Visitor(words, lock);
        WaitList.forEach(words, root, 0, seen);
        int length = seen.waiting.size();
        for (WaitList.Waiter waiter : seen.signalled) {
            if (!seen.hasCome(waiter)) length++;
        }
        return length;
    }

    private static final class Visitor implements WaitList.Visitor {
        private final Words words;
        private final long lock;
        private final List<WaitList.Waiter> waiting = new ArrayList<>();
        private final List<WaitList.Waiter> signalled = new ArrayList<>();

        Visitor(Words words, long lock) {
            this.words = words;
            this.lock = lock;
        }

        @Override
        public void visit(WaitList.Waiter waiter) {
            if (waiter.object() == lock) waiting.add(waiter);
            else if (waiter.isSignalled() && Conditions.lockOf(words, waiter.object()) == lock)
                signalled.add(waiter);
        }

        /* A signalled thread keeps its cell until it owns the lock, and waits in another one for that. */
        boolean hasCome(WaitList.Waiter waiter) {
            for (WaitList.Waiter other : waiting) {
                if (other.owner() == waiter.owner() && other.threadId() == waiter.threadId())
                    return true;
            }
            return false;
        }
    }
}
