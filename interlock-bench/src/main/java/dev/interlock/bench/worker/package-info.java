/**
 * Other JVMs that take part in a measurement. {@link dev.interlock.bench.worker.Worker} is the driver's end of one. Each other
 * class with a {@code main} runs in a JVM of its own: it reads orders, one a line, from its standard input, answers each with a
 * line of numbers, and ends with its standard input. Gates and counters lie in shared memory; handles travel as an argument.
 */
@NullMarked
package dev.interlock.bench.worker;

import org.jspecify.annotations.NullMarked;
