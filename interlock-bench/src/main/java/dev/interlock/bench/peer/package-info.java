/** Programs that are not Java: how they are found, compiled and run. What they do is in {@code peer.c} and {@code peer.py}. */
@NullMarked
package dev.interlock.bench.peer;

import org.jspecify.annotations.NullMarked;
