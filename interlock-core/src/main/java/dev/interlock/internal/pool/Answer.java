package dev.interlock.internal.pool;

import dev.interlock.internal.process.Outcome;
import dev.interlock.internal.process.Packed;
import dev.interlock.internal.process.Unserializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What became of a task. It is made into objects by whoever asks first, and not by the thread that all tasks wait for. */
final class Answer {
    private final @Nullable ClassLoader loader; // where the task's classes are
    private final String who; // gave the answer
    private byte @Nullable []
            report; // guarded by this; null if it was made into objects, or there is none
    private @Nullable Outcome outcome; // guarded by this

    private Answer(
            byte @Nullable [] report,
            String who,
            @Nullable ClassLoader loader,
            @Nullable Outcome outcome) {
        this.report = report;
        this.who = who;
        this.loader = loader;
        this.outcome = outcome;
    }

    /**
     * What a worker reported: a result or a failure.
     *
     * @param who the worker, for messages
     */
    static Answer reported(byte[] report, String who, @Nullable ClassLoader loader) {
        return new Answer(report, who, loader, null);
    }

    /** A failure that no worker reported. */
    static Answer failed(Throwable cause) {
        return new Answer(null, "", null, Outcome.failed(cause));
    }

    /** Results of a function's calls, in order, up to the first that failed. */
    record Partial(List<@Nullable Object> results, @Nullable Outcome failure) {}

    /** The result of a task that is run once. */
    @Nullable Object get() throws ExecutionException {
        return outcome().get();
    }

    /** False if there is a result, as can be seen without making objects. */
    synchronized boolean mayHaveFailed() {
        byte[] bytes = report;
        return bytes == null || bytes[0] == Report.FAILURE;
    }

    /** Why there is no result; null if there is one. */
    @Nullable Throwable failure() {
        return outcome().failure();
    }

    private synchronized Outcome outcome() {
        if (outcome == null) outcome = once(partial());
        report = null;
        return outcome;
    }

    private static Outcome once(Partial partial) {
        return partial.failure() != null
                ? partial.failure()
                : Outcome.ofValue(partial.results().getFirst());
    }

    /** The results of a chunk. Asked for once. */
    synchronized Partial partial() {
        if (outcome != null) return new Partial(List.of(), outcome);
        byte[] bytes = java.util.Objects.requireNonNull(report);
        try {
            Outcome failure = null;
            int resultsAt = Report.BODY_AT;
            if (bytes[0] == Report.FAILURE) {
                int length = ByteBuffer.wrap(bytes).getInt(resultsAt);
                resultsAt += Integer.BYTES;
                byte[] told = Arrays.copyOfRange(bytes, resultsAt, resultsAt + length);
                failure = Outcome.ofFailure(told, who, loader);
                resultsAt += length;
            }
            return new Partial(Arrays.asList(Packed.read(bytes, resultsAt, loader)), failure);
        } catch (Throwable e) { // of the user's methods that read a result
            Outcome failure = Outcome.failed(Unserializable.rebuild("the result of " + who, e));
            return new Partial(List.of(), failure);
        }
    }

    /** How long the worker took, in nanoseconds; 0 if it did not say. Asked before the results. */
    synchronized long ranNanos() {
        return report == null ? 0 : Report.nanos(report);
    }

    /** How many bytes the worker sent. Asked before the results. */
    synchronized int sizeBytes() {
        return report == null ? 0 : report.length;
    }
}
