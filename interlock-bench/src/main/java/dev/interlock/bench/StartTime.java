package dev.interlock.bench;

import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.io.Serializable;

/** How long a JVM takes from just before it is started to the moment that its {@code main} tells. */
final class StartTime {
    private StartTime() {}

    /** In nanoseconds. {@link System#nanoTime()} is the same clock in all processes of a Linux machine. */
    static double measure(Class<?> main, Serializable... arguments)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (var worker = Worker.start(main, arguments)) {
            double told = worker.answer()[0];
            worker.awaitEnd(); // it would disturb the next one
            return told - start;
        }
    }
}
