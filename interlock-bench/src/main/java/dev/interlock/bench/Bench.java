package dev.interlock.bench;

import dev.interlock.bench.report.JsonFile;
import dev.interlock.bench.report.Report;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Tables;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures Interlock and what it is compared with, on this machine and in one go. */
public final class Bench {
    private static final int OK = 0;
    private static final int FAILED = 1;

    private static final List<Benchmark> ALL =
            List.of(
                    new Uncontended(),
                    new Contended(),
                    new Handoff(),
                    new Reentrant(),
                    new Permits(),
                    new ReadWrite(),
                    new Barriers(),
                    new Signals(),
                    new Crowd(),
                    new QueueRates(),
                    new QueueTimes(),
                    new QueueObjects(),
                    new Pipes(),
                    new AtomicAddition(),
                    new ArrayCopy(),
                    new RegionOpen(),
                    new ChildStart(),
                    new PoolStart(),
                    new PoolRates(),
                    new PoolSpeedUp(),
                    new PoolDeath(),
                    new Recovery(),
                    new ManyLocks());

    private final List<Benchmark> benchmarks;
    private final @Nullable Path jsonFile;
    private final PrintStream out;
    private final Tables tables;
    private final List<Result> results = new ArrayList<>();

    private Bench(List<Benchmark> benchmarks, @Nullable Path jsonFile, PrintStream out) {
        this.benchmarks = benchmarks;
        this.jsonFile = jsonFile;
        this.out = out;
        this.tables = new Tables(out.charset());
    }

    /**
     * The benchmarks there are, in the order in which they run.
     *
     * @return their names
     */
    public static List<String> names() {
        return ALL.stream().map(Benchmark::name).toList();
    }

    /**
     * Measures, and prints a table for each thing that was measured. A target that is missed is not a failure, nor is a peer that is
     * not on this machine: the tables say so.
     *
     * @param names which benchmarks; none for all
     * @param jsonFile where every sample goes too, or null; rewritten after each benchmark, so a run that is stopped leaves what it has
     * @param out for the tables, and for what could not be measured
     * @return 0 if all went well, 1 if something of ours could not be measured
     * @throws IllegalArgumentException for a name that does not exist, a file that cannot be written or a number of rounds that is
     *     none; nothing was measured then
     */
    public static int run(List<String> names, @Nullable Path jsonFile, PrintStream out) {
        return run(names, jsonFile, out, Effort.full(System.getenv("INTERLOCK_BENCH_ROUNDS")));
    }

    static int run(List<String> names, @Nullable Path jsonFile, PrintStream out, Effort effort) {
        var wanted = new LinkedHashSet<>(names.isEmpty() ? names() : names);
        wanted.forEach(Bench::requireKnown);
        if (jsonFile != null) requireWritable(jsonFile);
        var benchmarks = ALL.stream().filter(b -> wanted.contains(b.name())).toList();
        return new Bench(benchmarks, jsonFile, out).run(effort);
    }

    private static void requireKnown(String name) {
        if (names().contains(name)) return;
        throw new IllegalArgumentException(
                "there is no benchmark '"
                        + name
                        + "'. Choose from "
                        + String.join(", ", names())
                        + ".");
    }

    private static void requireWritable(Path file) {
        try {
            JsonFile.requireWritable(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot write '"
                            + file
                            + "' ("
                            + e
                            + "). Choose a file in a directory that exists and may be written.",
                    e);
        }
    }

    private int run(Effort effort) {
        try (Lab lab = Lab.open(effort)) {
            return run(lab);
        } catch (IOException e) {
            out.println("The benchmarks could not go on: " + e);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int run(Lab lab) throws IOException, InterruptedException {
        Instant started = Instant.now();
        Map<String, String> machine = Machine.describe(lab);
        out.println(tables.machine(machine));
        boolean allWell = true;
        for (Benchmark benchmark : benchmarks) {
            allWell &= run(benchmark, lab);
            if (jsonFile != null) JsonFile.write(jsonFile, new Report(started, machine, results));
        }
        out.print(tables.summary(results));
        out.println("took " + Duration.between(started, Instant.now()).toSeconds() + " s");
        return allWell ? OK : FAILED;
    }

    private boolean run(Benchmark benchmark, Lab lab) throws InterruptedException {
        try {
            List<Result> measured = benchmark.run(lab);
            for (Result result : measured) out.println(tables.result(result));
            results.addAll(measured);
            return measured.stream().allMatch(result -> result.ours().isMeasured());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            out.println(benchmark.name() + " failed: " + e + "\n");
            return false;
        }
    }
}
