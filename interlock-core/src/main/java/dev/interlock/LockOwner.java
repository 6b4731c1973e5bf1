package dev.interlock;

import java.time.Instant;

/**
 * Who holds a lock, as seen at one moment; it may have changed when you read it.
 *
 * @param pid the process id in the owner's own pid namespace
 * @param processName the name of the owner's process
 * @param threadName the name of the owner's thread when it acquired the lock, cut to 88 bytes of UTF-8; empty if it has
 *     none, or if the owner was stopped or killed just after it acquired the lock
 * @param since when the lock was acquired, to about ten milliseconds; if the thread's name is missing this may be when
 *     it was acquired before, or {@link Instant#EPOCH} if never
 */
public record LockOwner(long pid, String processName, String threadName, Instant since) {}
