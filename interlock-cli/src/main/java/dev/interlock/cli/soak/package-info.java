/** Long runs under a random killer, whose books have to balance. */
@NullMarked
package dev.interlock.cli.soak;

import org.jspecify.annotations.NullMarked;
