package dev.interlock.examples.readme;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;

public class Sum {
    static void add(SharedLong number, int step, SharedLock lock) {
        for (int i = 0; i < 4; i++) {
            try (var held = lock.acquire()) {
                number.set(number.get() + step);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        try (Region region =
                Region.temporary()) { // shared memory for this program and the processes it starts
            SharedLock lock = region.lock("add");
            SharedLong number = region.longValue("number", 0);
            ChildProcess<Void> p1 =
                    ChildProcess.start(() -> add(number, 1, lock)); // a lambda, run in another JVM
            ChildProcess<Void> p2 = ChildProcess.start(() -> add(number, 3, lock));
            p1.join();
            p2.join();
            System.out.println(number.get()); // 16
        }
    }
}
