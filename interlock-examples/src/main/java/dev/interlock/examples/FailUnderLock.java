package dev.interlock.examples;

import static java.lang.ProcessBuilder.Redirect.DISCARD;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;

/** A child fails while it holds the lock. Its {@code finally} unlocks, so the parent can take the lock afterwards. */
public final class FailUnderLock {
    private FailUnderLock() {}

    static void fail(SharedLock lock) {
        lock.lock();
        try {
            System.out.println("child: holds the lock and fails");
            throw new IllegalStateException("failed on purpose");
        } finally {
            lock.unlock();
        }
    }

    public static void main(String[] args) throws Exception {
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock();
            var child =
                    ChildProcess.of(() -> fail(lock))
                            .redirectError(DISCARD) // its stack trace, which we expect
                            .start();
            child.join();
            System.out.println("main: the child ended with " + child.exitStatus());
            try (var _ = lock.acquire()) {
                System.out.println("main: now I hold it; was it abandoned? " + lock.isAbandoned());
            }
        }
    }
}
