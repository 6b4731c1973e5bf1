package dev.interlock.internal.pool;

import dev.interlock.Action;
import dev.interlock.ProcessPool;
import dev.interlock.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Takes what is wanted of a pool, and refuses what cannot be. */
public final class PoolBuilder implements ProcessPool.Builder {
    private static final int MOST_WORKERS = 500; // so many processes a region takes
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final List<String> jvmOptions = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String name;
    private int workers = Math.min(Runtime.getRuntime().availableProcessors(), MOST_WORKERS);
    private int minWorkers = -1;
    private int spares;
    private long idleTimeoutNanos;
    private @Nullable Action initializer;
    private int tasksPerWorker;
    private long memoryLimit;
    private long taskTimeLimitNanos;
    private long interruptGraceNanos = TimeUnit.SECONDS.toNanos(1);
    private RetryPolicy retryPolicy = PoolSettings.NO_RETRIES;

    @Override
    public PoolBuilder workers(int count) {
        require(count >= 1 && count < MOST_WORKERS, "workers", count, "1 to " + (MOST_WORKERS - 1));
        workers = count;
        return this;
    }

    @Override
    public PoolBuilder minWorkers(int count) {
        require(count >= 0, "minWorkers", count, "0 or more");
        minWorkers = count;
        return this;
    }

    @Override
    public PoolBuilder idleTimeout(Duration timeout) {
        idleTimeoutNanos = positive("idleTimeout", timeout);
        return this;
    }

    @Override
    public PoolBuilder spares(int count) {
        require(count >= 0 && count < MOST_WORKERS, "spares", count, "0 to " + (MOST_WORKERS - 1));
        spares = count;
        return this;
    }

    @Override
    public PoolBuilder initializer(Action action) {
        initializer = Objects.requireNonNull(action, "action");
        return this;
    }

    @Override
    public PoolBuilder tasksPerWorker(int count) {
        require(count >= 1, "tasksPerWorker", count, "1 or more");
        tasksPerWorker = count;
        return this;
    }

    @Override
    public PoolBuilder jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    @Override
    public PoolBuilder environment(String variable, String value) {
        environment.put(
                Objects.requireNonNull(variable, "variable"),
                Objects.requireNonNull(value, "value"));
        return this;
    }

    @Override
    public PoolBuilder memoryLimit(long bytes) {
        require(bytes >= 1L << 20, "memoryLimit", bytes, "1048576 bytes or more");
        memoryLimit = bytes;
        return this;
    }

    @Override
    public PoolBuilder taskTimeLimit(Duration limit) {
        taskTimeLimitNanos = positive("taskTimeLimit", limit);
        return this;
    }

    @Override
    public PoolBuilder interruptGrace(Duration grace) {
        if (grace.isNegative())
            throw new IllegalArgumentException(
                    "interruptGrace is " + grace + ". Give a duration of zero or more.");
        interruptGraceNanos = nanos(grace);
        return this;
    }

    @Override
    public PoolBuilder retryPolicy(RetryPolicy policy) {
        retryPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public PoolBuilder name(String text) {
        if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException(
                    "Bad pool name '" + text + "'. Give some text in one line.");
        name = text;
        return this;
    }

    @Override
    public ProcessPool start() {
        int most = minWorkers < 0 ? workers : minWorkers;
        require(most <= workers, "minWorkers", most, "no more than workers, " + workers);
        require(
                workers + spares < MOST_WORKERS,
                "workers and spares",
                workers + spares,
                "less than " + MOST_WORKERS + " together");
        return Pool.start(
                new PoolSettings(
                        name == null ? "pool-" + POOLS.incrementAndGet() : name,
                        workers,
                        most,
                        spares,
                        idleTimeoutNanos,
                        initializer,
                        tasksPerWorker,
                        List.copyOf(jvmOptions),
                        Map.copyOf(environment),
                        memoryLimit,
                        taskTimeLimitNanos,
                        interruptGraceNanos,
                        retryPolicy));
    }

    private static long positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero())
            throw new IllegalArgumentException(
                    name + " is " + duration + ". Give a duration of more than zero.");
        return nanos(duration);
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void require(boolean condition, String name, long value, String allowed) {
        if (condition) return;
        throw new IllegalArgumentException(name + " is " + value + ". Give " + allowed + ".");
    }
}
