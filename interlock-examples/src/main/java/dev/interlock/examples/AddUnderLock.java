package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;

/** Two processes add to a number of their own while they hold one lock: all lines of one come before all lines of the other. */
public final class AddUnderLock {
    private AddUnderLock() {}

    static void add(int step, SharedLock lock) throws InterruptedException {
        try (var _ = lock.acquire()) {
            int number = 0;
            for (int i = 0; i < 4; i++) {
                Thread.sleep(100);
                int before = number;
                number += step;
                System.out.println("add " + step + ": number = " + before + " -> " + number);
            }
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
