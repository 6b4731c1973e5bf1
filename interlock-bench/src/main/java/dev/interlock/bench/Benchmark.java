package dev.interlock.bench;

import dev.interlock.bench.report.Result;
import java.util.List;

/** One name that can be asked for. */
interface Benchmark {
    /** The name. */
    String name();

    /**
     * Measures.
     *
     * @return one result for each thing that was measured
     * @throws Exception any; the run goes on with the next benchmark
     */
    List<Result> run(Lab lab) throws Exception;
}
