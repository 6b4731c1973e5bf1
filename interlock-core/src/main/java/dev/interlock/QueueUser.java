package dev.interlock;

/**
 * What a process does with a queue at some moment.
 *
 * @param process which one
 * @param writing how many messages it is putting
 * @param reading how many it is reading: in leases, or just now
 * @param taken how many it has taken for good and not reported done, see {@link SharedQueue#taskDone()}; so all of them, if it never
 *     reports any
 */
public record QueueUser(ProcessInfo process, int writing, int reading, long taken) {}
