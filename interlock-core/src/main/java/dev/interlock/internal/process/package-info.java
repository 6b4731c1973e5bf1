/** Child JVMs: how they are launched, how task and result cross, what they print, how they end. */
@NullMarked
package dev.interlock.internal.process;

import org.jspecify.annotations.NullMarked;
