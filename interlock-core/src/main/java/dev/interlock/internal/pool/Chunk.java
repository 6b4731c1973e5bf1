package dev.interlock.internal.pool;

/** Some calls of a function that are one task. */
final class Chunk {
    final PoolTask<Object> task;
    final int calls;
    final int messageBytes;

    Chunk(PoolTask<Object> task, int calls, int messageBytes) {
        this.task = task;
        this.calls = calls;
        this.messageBytes = messageBytes;
    }
}
