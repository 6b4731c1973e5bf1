/**
 * The benchmarks: {@link dev.interlock.bench.Bench} runs them, and there is one class for each name that it knows. They measure on
 * one machine, in one go and in turns, what Interlock does and what it is compared with.
 */
@NullMarked
package dev.interlock.bench;

import org.jspecify.annotations.NullMarked;
