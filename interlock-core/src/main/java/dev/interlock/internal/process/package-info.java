/**
 * Child JVMs: how they are launched, how a task reaches them and its result comes back, how their output is passed on, and how their
 * end is noticed and reported. The design is told in {@code docs/design/child-process.md}.
 *
 * <p>Classes that a child loads before it runs its task ({@link dev.interlock.internal.process.ChildMain} and what it reaches on the
 * way there) avoid lambdas, streams of objects, NIO and native calls: each costs a JVM 10 to 100 ms when used first.
 */
@NullMarked
package dev.interlock.internal.process;

import org.jspecify.annotations.NullMarked;
