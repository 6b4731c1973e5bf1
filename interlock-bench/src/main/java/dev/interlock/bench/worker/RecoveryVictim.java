package dev.interlock.bench.worker;

import dev.interlock.SharedLock;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes a shared lock and a lock of a file, answers with an empty line, and keeps them until it is killed. */
public final class RecoveryVictim {
    private RecoveryVictim() {}

    /**
     * Arguments: the lock, the file.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var lock = Arguments.decode(arguments[0], SharedLock.class);
        try (var file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.WRITE);
                var fileLock = file.lock()) {
            lock.lock();
            Orders.answer(fileLock.isValid() ? 1 : 0);
            var orders = Orders.fromStandardInput();
            while (true) orders.next(); // until killed, or standard input ends
        }
    }
}
