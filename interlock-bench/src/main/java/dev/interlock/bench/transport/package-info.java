/** Ways to send messages from one JVM to another, ours and others', behind one interface. */
@NullMarked
package dev.interlock.bench.transport;

import org.jspecify.annotations.NullMarked;
