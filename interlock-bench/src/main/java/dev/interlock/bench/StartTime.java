package dev.interlock.bench;

import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.io.Serializable;

/** How long a JVM takes from just before it is started to the moments that its {@code main} tells. */
final class StartTime {
    private StartTime() {}

    /** In nanoseconds. {@link System#nanoTime()} is the same clock in all processes of a Linux machine. */
    static double measure(Class<?> main, Serializable... arguments)
            throws IOException, InterruptedException {
        return measure(1, main, arguments)[0];
    }

    /** The same for the first so many moments that it tells. */
    static double[] measure(int moments, Class<?> main, Serializable... arguments)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (var worker = Worker.start(main, arguments)) {
            double[] told = worker.answer();
            worker.awaitEnd(); // it would disturb the next one
            double[] times = new double[moments];
            for (int i = 0; i < moments; i++) times[i] = told[i] - start;
            return times;
        }
    }
}
