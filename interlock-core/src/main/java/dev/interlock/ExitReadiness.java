package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A process is ready when it has ended; its end rings the bell of whoever waits. */
final class ExitReadiness implements Readiness {
    /*
     * By process, since what is hung to a CompletableFuture stays there until it completes: it would pile up with a program that
     * waits again and again for the same child and others.
     */
    private static final Map<ChildProcess<?>, Set<AnyWord>> BELLS = new WeakHashMap<>();

    private final ChildProcess<?> process;
    private final Set<AnyWord> bells;
    private final AnyWord bell;

    ExitReadiness(ChildProcess<?> process, AnyWord bell) {
        this.process = process;
        this.bell = bell;
        this.bells = bellsOf(process);
        bells.add(bell);
    }

    private static Set<AnyWord> bellsOf(ChildProcess<?> process) {
        synchronized (BELLS) {
            Set<AnyWord> known = BELLS.get(process);
            if (known != null) return known;
            Set<AnyWord> made = ConcurrentHashMap.newKeySet();
            BELLS.put(process, made);
            var _ = process.onExit().whenComplete((_, _) -> made.forEach(AnyWord::ring));
            return made;
        }
    }

    /* Its exit status is known, and not only that the system has no such process any more. */
    @Override
    public boolean isReady() {
        return process.isDone();
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
