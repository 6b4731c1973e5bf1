package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import java.util.concurrent.ExecutionException;

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
                            .redirectError(
                                    ProcessBuilder.Redirect
                                            .DISCARD) // its stack trace, which we expect
                            .start();
            try {
                child.get();
            } catch (ExecutionException e) {
                System.out.println("main: the child " + e.getCause().getMessage());
            }
            try (var _ = lock.acquire()) {
                System.out.println("main: the lock was free, now it is mine");
            }
        }
    }
}
