/** The programs that the README shows, word for word. */
@NullMarked
package dev.interlock.examples.readme;

import org.jspecify.annotations.NullMarked;
