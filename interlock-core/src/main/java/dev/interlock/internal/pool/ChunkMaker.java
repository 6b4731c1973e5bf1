package dev.interlock.internal.pool;

import dev.interlock.internal.process.CalleeWriter;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the arguments of one function's calls and makes tasks of them. */
final class ChunkMaker implements Consumer<@Nullable Object> {
    private final Dispatcher pool;
    private final Object function;
    private final byte[] functionBytes;
    private final int arity;
    private @Nullable Object[] arguments = new @Nullable Object[16];
    private int count;

    ChunkMaker(Dispatcher pool, Object function, int arity) {
        this.pool = pool;
        this.function = function;
        this.functionBytes = CalleeWriter.toBytes(function, arity);
        this.arity = arity;
    }

    /** Adds an argument. */
    @Override
    public void accept(@Nullable Object argument) {
        if (count == arguments.length) arguments = Arrays.copyOf(arguments, 2 * count);
        arguments[count++] = argument;
    }

    /** How many calls there are arguments for. */
    int calls() {
        return count / arity;
    }

    /**
     * Makes a chunk of the arguments that were collected.
     *
     * @throws dev.interlock.TaskNotSerializableException if one of them cannot be sent; then all are still there
     */
    Chunk make() {
        return make(0, calls());
    }

    /** Makes a chunk of one call whose arguments were collected. */
    Chunk makeOne(int call) {
        return make(call, call + 1);
    }

    private Chunk make(int from, int to) {
        @Nullable Object[] some =
                from == 0 ? arguments : Arrays.copyOfRange(arguments, from * arity, to * arity);
        byte[] message = TaskMessage.ofChunk(functionBytes, arity, some, (to - from) * arity);
        return new Chunk(new PoolTask<>(pool, function, message, false), to - from, message.length);
    }

    /** Forgets the arguments. */
    void clear() {
        Arrays.fill(arguments, 0, count, null);
        count = 0;
    }

    /** A task of one call, whose result is that of the call. */
    <R> PoolTask<R> taskOf(@Nullable Object argument) {
        byte[] message =
                TaskMessage.ofChunk(functionBytes, arity, new @Nullable Object[] {argument}, 1);
        return new PoolTask<>(pool, function, message, false);
    }
}
