package dev.interlock.internal.pool;

import dev.interlock.Action;
import dev.interlock.Region;
import dev.interlock.SharedByteArray;
import dev.interlock.internal.process.TaskReader;
import dev.interlock.internal.process.TaskWriter;
import org.jspecify.annotations.Nullable;

/** What each worker does before its first task; it lies in the pool's region, once for all workers. */
final class Setup {
    private Setup() {}

    /** Called by the parent, before there are workers. What cannot be sent is told then. */
    static @Nullable SharedByteArray write(Region region, @Nullable Action initializer) {
        if (initializer == null) return null;
        byte[] task = TaskWriter.toBytes(initializer, false);
        SharedByteArray memory = region.byteArray(task.length);
        memory.copyFrom(task);
        return memory;
    }

    static void run(@Nullable SharedByteArray memory) throws Throwable {
        if (memory == null) return;
        TaskReader.fromBytes(memory.toArray(), ClassLoader.getSystemClassLoader()).run();
    }
}
