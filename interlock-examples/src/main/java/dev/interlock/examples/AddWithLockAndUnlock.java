package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;

/** As {@link AddUnderLock}, in the words of {@link java.util.concurrent.locks.Lock}: lock, try, finally unlock. */
public final class AddWithLockAndUnlock {
    private AddWithLockAndUnlock() {}

    static void add(int step, SharedLock lock) throws InterruptedException {
        lock.lock();
        try {
            int number = 0;
            for (int i = 0; i < 4; i++) {
                Thread.sleep(100);
                int before = number;
                number += step;
                System.out.println("add " + step + ": number = " + before + " -> " + number);
            }
        } finally {
            lock.unlock();
        }
    }

    public static void main(String[] args) throws Exception {
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock();
            var p1 = ChildProcess.start(() -> add(1, lock));
            var p2 = ChildProcess.start(() -> add(3, lock));
            System.out.println("main: both processes are started");
            p1.get();
            p2.get();
        }
    }
}
