/**
 * Connections through Unix-domain sockets, between programs that share no region: listening, proving to each other who one is, messages.
 * No thread is ever blocked in a channel, as an interrupt would close it: they park, and one thread of ours waits in the kernel for all.
 */
@NullMarked
package dev.interlock.internal.socket;

import org.jspecify.annotations.NullMarked;
