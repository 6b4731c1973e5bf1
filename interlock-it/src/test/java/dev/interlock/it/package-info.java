/**
 * Tests with real JVMs: many processes at once, killed, stopped and starved, in one region. {@link dev.interlock.it.Stage} gives
 * each test a directory and children of its own, and looks that nothing of either is left.
 */
@NullMarked
package dev.interlock.it;

import org.jspecify.annotations.NullMarked;
