package dev.interlock;

import java.time.Instant;

/**
 * What {@link Region#processes()} tells of a process that has the region open.
 *
 * @param pid the process id in that process's own pid namespace
 * @param name the name of the process
 * @param since when it opened the region
 */
public record ProcessInfo(long pid, String name, Instant since) {}
