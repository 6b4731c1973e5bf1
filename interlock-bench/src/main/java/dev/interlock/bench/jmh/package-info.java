/** What one process measures by itself, in the form that JMH runs. */
@NullMarked
package dev.interlock.bench.jmh;

import org.jspecify.annotations.NullMarked;
