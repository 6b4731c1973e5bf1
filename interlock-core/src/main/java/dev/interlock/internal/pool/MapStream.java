package dev.interlock.internal.pool;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/*
 * The run is what pool and workers know of; this is what the reader has. When nobody has it any more, the run is closed. The run
 * must not know of it.
 */
/** The results of a map, one by one. */
final class MapStream implements Spliterator<@Nullable Object> {
    private static final Cleaner CLEANER = Cleaner.create();

    private final MapRun run;
    private List<@Nullable Object> results = List.of();
    private int at; // in the results
    private Cleaner.@Nullable Cleanable cleanable;
    private boolean hasEnded;

    private MapStream(MapRun run) {
        this.run = run;
    }

    @SuppressWarnings("unchecked") // the function's results are what it says
    static <R> Stream<R> of(MapRun run) {
        Spliterator<?> results = new MapStream(run);
        return StreamSupport.stream((Spliterator<R>) results, false)
                .onClose(() -> {
                    run.close();
                    run.awaitProgress();
                });
    }

    @Override
    public boolean tryAdvance(Consumer<? super @Nullable Object> action) {
        if (run.isFailFast() && !hasEnded) run.requireNoProblem();
        while (at == results.size()) {
            if (!advance()) return false;
        }
        action.accept(results.get(at++));
        return true;
    }

    /** False at the end. */
    private boolean advance() {
        if (hasEnded) return false;
        if (cleanable == null) cleanable = CLEANER.register(this, run::close);
        try {
            List<@Nullable Object> next = run.next();
            results = next == null ? List.of() : next;
            at = 0;
            hasEnded = next == null;
            if (hasEnded) cleanable.clean();
            return !hasEnded;
        } finally {
            Reference.reachabilityFence(this); // the reader may have nothing else
        }
    }

    @Override
    public @Nullable Spliterator<@Nullable Object> trySplit() {
        return null; // one thread reads
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE; // a known size would make Stream.count answer without any work
    }

    @Override
    public int characteristics() {
        return run.isOrdered() ? ORDERED : 0;
    }
}
