/** The command line: what {@code ./interlock} runs. One class per command; {@link dev.interlock.cli.Main} ties them together. */
@NullMarked
package dev.interlock.cli;

import org.jspecify.annotations.NullMarked;
