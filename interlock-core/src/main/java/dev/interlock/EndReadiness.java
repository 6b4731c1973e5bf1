package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process or a task is ready when it has ended; its end rings the bell of whoever waits. */
final class EndReadiness implements Readiness {
    /*
     * By process or task, since what is hung to a CompletableFuture stays there until it completes: it would pile up with a program
     * that waits again and again for the same child and others.
     */
    private static final Map<Waitable, Set<AnyWord>> BELLS = new WeakHashMap<>();

    private final BooleanSupplier hasEnded;
    private final Set<AnyWord> bells;
    private final AnyWord bell;

    private EndReadiness(BooleanSupplier hasEnded, Set<AnyWord> bells, AnyWord bell) {
        this.hasEnded = hasEnded;
        this.bells = bells;
        this.bell = bell;
        bells.add(bell);
    }

    static EndReadiness of(ChildProcess<?> process, AnyWord bell) {
        return new EndReadiness(process::isDone, bellsOf(process, process::onExit), bell);
    }

    static EndReadiness of(PoolFuture<?> task, AnyWord bell) {
        return new EndReadiness(task::isDone, bellsOf(task, task::toCompletableFuture), bell);
    }

    private static Set<AnyWord> bellsOf(Waitable awaited, Supplier<CompletableFuture<?>> end) {
        synchronized (BELLS) {
            Set<AnyWord> known = BELLS.get(awaited);
            if (known != null) return known;
            Set<AnyWord> made = ConcurrentHashMap.newKeySet();
            BELLS.put(awaited, made);
            var _ = end.get().whenComplete((_, _) -> made.forEach(AnyWord::ring));
            return made;
        }
    }

    /* Its outcome is known, and not only that the system has no such process any more. */
    @Override
    public boolean isReady() {
        return hasEnded.getAsBoolean();
    }

    @Override
    public AnyWord.@Nullable Watched watched() {
        return null;
    }

    @Override
    public void close() {
        bells.remove(bell);
    }
}
