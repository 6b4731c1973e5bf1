package dev.interlock.bench.worker;

import dev.interlock.SharedDoubleArray;
import java.util.Arrays;

/** Copies an array of doubles. Order: {@code in|out|heap COPIES}; answers with the nanoseconds of each. */
public final class ArrayCopyWorker {
    private static final int WARM_UPS = 2;

    private ArrayCopyWorker() {}

    /**
     * Argument: the shared array.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var shared = Arguments.decode(arguments[0], SharedDoubleArray.class);
        var heap = new double[Math.toIntExact(shared.length())];
        var other = new double[heap.length];
        Arrays.fill(heap, 1);
        Arrays.fill(other, 2); // touched, as the C program does
        shared.copyFrom(heap);
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            var nanos = new long[Integer.parseInt(order[1])];
            for (int i = -WARM_UPS; i < nanos.length; i++) {
                long start = System.nanoTime();
                switch (order[0]) {
                    case "in" -> shared.copyFrom(heap);
                    case "out" -> shared.copyTo(heap);
                    default -> System.arraycopy(other, 0, heap, 0, heap.length);
                }
                if (i >= 0) nanos[i] = System.nanoTime() - start;
            }
            Orders.answer(nanos);
        }
    }
}
