package dev.interlock.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has caches made that were missed, by a process of its own and of the lowest priority: {@link CacheTrainer}. It does not end with this
 * JVM, as programs that run for a moment would never come to have a cache otherwise. Nothing waits for it, and nobody learns if it fails.
 */
final class CacheTraining {
    private static final int MOST_KEYS =
            8; // of one process; a program may give every child other options
    private static final long NEXT_TRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Wish(CacheDirectory directory, CacheKey key) {}

    private static final Map<String, Long> ASKED =
            new HashMap<>(); // when, by key; guarded by the class
    private static final Queue<Wish> WISHES = new ArrayDeque<>(); // guarded by the class

    private CacheTraining() {}

    /** Notes that there is no cache with that key. */
    static synchronized void want(CacheDirectory directory, CacheKey key) {
        Long last = ASKED.get(key.text());
        long now = System.nanoTime();
        if (last == null ? ASKED.size() == MOST_KEYS : now - last < NEXT_TRY_NANOS) return;
        ASKED.put(key.text(), now);
        WISHES.add(new Wish(directory, key));
    }

    /** Sees to what is wanted, if anything is. Called after a child was started, since that is what the user waits for. */
    static void begin() {
        Wish wish = next();
        if (wish == null) return;
        try {
            Threads.start("interlock-cache", true, () -> launch(wish));
        } catch (OutOfMemoryError e) {
            // no thread to be had: there are more urgent things now
        }
    }

    private static synchronized @Nullable Wish next() {
        return WISHES.poll();
    }

    private static void launch(Wish wish) {
        if (wish.directory().isSealed() || wish.directory().hasFailed(wish.key())) return;
        if (wish.directory().cache(wish.key()) != null) return; // made meanwhile
        try {
            wish.directory().prepare();
            ProcessBuilder trainer = new ProcessBuilder(command(wish));
            ToolOptions.removeFrom(trainer.environment());
            trainer.directory(wish.directory().path().toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
        } catch (IOException | RuntimeException e) {
            // a cache that cannot be made is none
        }
    }

    private static List<String> command(Wish wish) {
        List<String> command = new ArrayList<>();
        Path nice = Path.of("/usr/bin/nice");
        if (Files.isExecutable(nice)) command.addAll(List.of(nice.toString(), "-n", "19"));
        command.addAll(
                List.of(
                        CommandLine.java().toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx64m",
                        "-cp",
                        wish.key().jar().toString(),
                        CacheTrainer.class.getName(),
                        wish.directory().path().toString()));
        command.addAll(wish.key().flags());
        return command;
    }
}
