package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedInt;

/** Two processes add 1 and 3 to one shared number, four times each: the sum is always 16. */
public final class AddToSharedValue {
    private AddToSharedValue() {}

    static void add(int step, SharedInt number) throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            try (var _ = number.lock().acquire()) {
                int before = number.get();
                Thread.sleep(100); // time enough for the other to come in between, if it could
                number.set(before + step);
                System.out.println("add " + step + ": number = " + before + " -> " + number.get());
            }
        }
    }

    public static void main(String[] args) throws Exception {
        try (Region region = Region.temporary()) {
            SharedInt number = region.intValue(0);
            var p1 = ChildProcess.start(() -> add(1, number));
            var p2 = ChildProcess.start(() -> add(3, number));
            p1.get();
            p2.get();
            System.out.println("main: number = " + number.get());
        }
    }
}
