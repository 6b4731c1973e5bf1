package dev.interlock.bench.worker;

import java.io.PrintStream;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks, each in a new JVM, and is one itself: JMH makes the JVM that it runs in print warnings.
 *
 * <p>Order: {@code CLASS METHOD WARM_UP_MILLIS MILLIS [PARAMETER VALUE]}; answers with the average time in nanoseconds.
 */
public final class JmhWorker {
    private static final int WARM_UPS = 2;

    private JmhWorker() {}

    /**
     * Needs no arguments.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        // Two runs at once do each other no harm but noise, and the lock file may be another
        // user's.
        System.setProperty("jmh.ignoreLock", "true");
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            answers.println(run(orders.next()));
            answers.flush();
        }
    }

    private static double run(String[] order) throws Exception {
        var options = new OptionsBuilder();
        options.include("^" + order[0].replace(".", "\\.") + "\\." + order[1] + "$")
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(TimeValue.milliseconds(Long.parseLong(order[2]) / WARM_UPS))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(Long.parseLong(order[3])))
                .jvmArgs(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (order.length > 4) options.param(order[4], order[5]);
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next().getPrimaryResult().getScore();
    }
}
