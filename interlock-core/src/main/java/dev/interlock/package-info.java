/**
 * The public API: handles to shared objects, child processes, options and exceptions.
 */
@NullMarked
package dev.interlock;

import org.jspecify.annotations.NullMarked;
