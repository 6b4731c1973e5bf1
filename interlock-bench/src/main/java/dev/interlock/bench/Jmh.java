package dev.interlock.bench;

import dev.interlock.bench.worker.JmhWorker;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one JMH benchmark in a JVM of its own. */
final class Jmh implements AutoCloseable {
    private final Effort effort;
    private @Nullable Worker
            worker; // started for the first benchmark, and again after one that failed

    Jmh(Effort effort) {
        this.effort = effort;
    }

    /** One sample of the average time. */
    double[] nanos(Class<?> benchmark, String method) throws IOException, InterruptedException {
        return ask(order(benchmark, method));
    }

    /** One sample of the average time with that parameter. */
    double[] nanos(Class<?> benchmark, String method, String parameter, int value)
            throws IOException, InterruptedException {
        return ask(order(benchmark, method) + " " + parameter + " " + value);
    }

    private String order(Class<?> benchmark, String method) {
        return String.join(
                " ",
                benchmark.getName(),
                method,
                String.valueOf(effort.warmUp().toMillis()),
                String.valueOf(effort.alone().toMillis()));
    }

    private double[] ask(String order) throws IOException, InterruptedException {
        if (worker == null)
            worker =
                    Worker.start(JmhWorker.class, List.of("--sun-misc-unsafe-memory-access=allow"));
        try {
            return worker.ask(order);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (worker != null) worker.close();
        worker = null;
    }
}
