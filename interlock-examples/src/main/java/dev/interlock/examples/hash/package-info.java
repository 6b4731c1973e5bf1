/** Hashes and compresses many files in a pool of processes. */
@NullMarked
package dev.interlock.examples.hash;

import org.jspecify.annotations.NullMarked;
