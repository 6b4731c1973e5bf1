/**
 * The only native code of the library: a few system calls, their errno folded into named results. Nothing here knows of
 * regions or locks.
 */
@NullMarked
package dev.interlock.internal.os;

import org.jspecify.annotations.NullMarked;
