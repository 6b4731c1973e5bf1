package dev.interlock.bench.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A whole run.
 *
 * @param started when
 * @param machine what it ran on, by label: CPU, kernel, JDK and so on
 * @param results in the order in which they were measured
 */
public record Report(Instant started, Map<String, String> machine, List<Result> results) {}
