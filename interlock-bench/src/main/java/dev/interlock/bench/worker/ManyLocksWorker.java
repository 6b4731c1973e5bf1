package dev.interlock.bench.worker;

import dev.interlock.Region;

/** Makes locks in a region. Order: {@code create named|unnamed COUNT}; answers with the nanoseconds it took for all. */
public final class ManyLocksWorker {
    private ManyLocksWorker() {}

    /** The name of the lock of that number. */
    public static String lockName(int number) {
        return "lock-" + number;
    }

    /**
     * Argument: the name of the region, which is made.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        try (var region = Region.create(arguments[0])) {
            var orders = Orders.fromStandardInput();
            while (true) { // until standard input ends
                String[] order = orders.next();
                boolean named = order[1].equals("named");
                int count = Integer.parseInt(order[2]);
                long start = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    if (named) region.lock(lockName(i));
                    else region.lock();
                }
                Orders.answer(System.nanoTime() - start);
            }
        }
    }
}
