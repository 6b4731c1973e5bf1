/**
 * Pools of worker processes: how tasks get to workers and results back, who looks after the workers, what is made of them for users.
 */
@NullMarked
package dev.interlock.internal.pool;

import org.jspecify.annotations.NullMarked;
