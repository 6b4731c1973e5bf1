package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedIntArray;
import java.util.Arrays;

/** A child negates every element of a shared array; the parent sees it. */
public final class NegateArray {
    private NegateArray() {}

    static void negate(SharedIntArray numbers) {
        for (long i = 0; i < numbers.length(); i++) {
            numbers.set(i, -numbers.get(i));
        }
    }

    public static void main(String[] args) throws Exception {
        try (Region region = Region.temporary()) {
            SharedIntArray numbers = region.intArray(10);
            for (int i = 0; i < 10; i++) {
                numbers.set(i, i);
            }
            System.out.println(Arrays.toString(numbers.toArray()));

            var child = ChildProcess.start(() -> negate(numbers));
            child.get();
            System.out.println(Arrays.toString(numbers.toArray()));
        }
    }
}
