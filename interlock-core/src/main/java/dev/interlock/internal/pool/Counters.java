package dev.interlock.internal.pool;

/** What has happened in a pool. Guarded by its lock. */
final class Counters {
    long submitted;
    long done; // with a result or a failure
    long failed; // of them
    long cancelled;
    long retried;
}
