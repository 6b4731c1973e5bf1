/**
 * Algorithms on words of memory: how a lock is taken, released, and freed after its owner died. They reach memory and sleep only
 * through {@link dev.interlock.internal.sync.Words}, so that the same code runs on a mapped region and under a model checker.
 */
@NullMarked
package dev.interlock.internal.sync;

import org.jspecify.annotations.NullMarked;
