package dev.interlock.bench.worker;

import dev.interlock.SharedLock;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Waits for a lock whose owner will be killed. Order: {@code wait}; answers with an empty line just before it waits, and then with
 * the time at which it owned the lock.
 */
public final class RecoveryWaiter {
    private RecoveryWaiter() {}

    /**
     * Arguments: the lock, the file, and which of the two to wait for: {@code lock} or {@code file}.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var lock = Arguments.decode(arguments[0], SharedLock.class);
        boolean waitsForFile = arguments[2].equals("file");
        try (var file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.WRITE)) {
            var orders = Orders.fromStandardInput();
            while (true) { // until standard input ends
                orders.next();
                Orders.answer();
                Orders.answer(waitsForFile ? timeOfLocking(file) : timeOfLocking(lock));
            }
        }
    }

    private static long timeOfLocking(SharedLock lock) {
        lock.lock();
        try {
            long time = System.nanoTime();
            lock.markConsistent();
            return time;
        } finally {
            lock.unlock();
        }
    }

    private static long timeOfLocking(FileChannel file) throws java.io.IOException {
        try (var lock = file.lock()) {
            return lock.isValid() ? System.nanoTime() : -1;
        }
    }
}
