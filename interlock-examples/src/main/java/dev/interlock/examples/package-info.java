/**
 * Small complete programs that show Interlock at work, as the README quotes them. Each has its own {@code main}, starts real child
 * JVMs and prints what happens. Nothing here but what a user would write.
 */
@NullMarked
package dev.interlock.examples;

import org.jspecify.annotations.NullMarked;
