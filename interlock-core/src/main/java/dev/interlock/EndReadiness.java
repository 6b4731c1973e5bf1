package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A process, a task or another future is ready when it has ended; its end rings the bell of whoever waits. */
final class EndReadiness implements Readiness {
    private final Future<?> future;
    private final Ends.Registration registration;

    private EndReadiness(Future<?> future, AnyWord bell) {
        this.future = future;
        this.registration = Ends.listen(future, bell::ring);
    }

    static EndReadiness of(Future<?> future, AnyWord bell) {
        return new EndReadiness(future, bell);
    }

    /* Its outcome is known, and not only that the system has no such process any more. */
    @Override
    public boolean isReady() {
        return future.isDone();
    }

    @Override
    public AnyWord.@Nullable Watched watched() {
        return null;
    }

    @Override
    public void close() {
        registration.close();
    }
}
