package dev.interlock.internal.process;

import dev.interlock.Task;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Plays the parent of two children. The first is a spare that is told to record what it loads, practises, gets a task, and writes the
 * cache at its end. The second has to use that cache or die, and to say nothing: one that the JVM would reject costs a start twice what it
 * takes without.
 *
 * One trainer works at a time, held by a kernel lock that dies with it. One that finds another at work leaves it alone.
 */
/** The main class of a process that makes an AOT cache. */
public final class CacheTrainer {
    /** What its children are called. */
    static final String NAME = "training";

    private static final long LONGEST_SECONDS = 120;

    private final CacheDirectory directory;
    private final CacheKey key;

    private CacheTrainer(CacheDirectory directory, CacheKey key) {
        this.directory = directory;
        this.key = key;
    }

    /** Started by {@link CacheTraining} only; with the directory and the flags that matter. */
    public static void main(String[] arguments) throws Exception {
        CacheDirectory directory = new CacheDirectory(Path.of(arguments[0]));
        List<String> flags = List.of(arguments).subList(1, arguments.length);
        endLater();
        try (FileChannel file =
                        FileChannel.open(
                                directory.lock(),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) return;
            // whoever wants the one will want the other soon
            for (List<String> each : StartCache.bothKinds(flags)) train(directory, each);
        }
    }

    private static void train(CacheDirectory directory, List<String> flags)
            throws IOException, InterruptedException {
        CacheKey key = CacheKey.of(flags);
        if (key == null || directory.cache(key) != null || directory.hasFailed(key)) return;
        directory.collect();
        if (new CacheTrainer(directory, key).isTrained()) directory.publish(key);
        else directory.fail(key);
        directory.collect();
    }

    private boolean isTrained() throws IOException, InterruptedException {
        Path draft = directory.draft();
        List<String> recording = new ArrayList<>(StartCache.recordingOptions(key.flags()));
        recording.add("-XX:AOTCacheOutput=" + draft);
        recording.add("-XX:ErrorFile=" + draft.resolveSibling("~crash.log"));
        recording.add("-XX:-CreateCoredumpOnCrash");
        run(recording);
        if (!Files.exists(draft) || Files.size(draft) == 0) return false;
        // the JVM makes it readable for all, and takes no care of the umask's group
        Files.setPosixFilePermissions(
                draft, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        List<String> strict = new ArrayList<>(new StartCache(draft, key.jar()).options());
        strict.add("-XX:AOTMode=on");
        byte[] said = run(strict);
        return said != null && said.length == 0 && key.isCurrent();
    }

    /** Runs a child with the canned task. What it printed, or null if it did not end well. */
    private byte @Nullable [] run(List<String> options) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(CommandLine.ofTraining(key, options))
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.PIPE);
        Process process = builder.start();
        InputStream output = process.getInputStream();
        Spare.askToPractise(process.getOutputStream(), List.of());
        if (!Spare.awaitReady(output, (bytes, length) -> {})) return null;
        Path report = directory.path().resolve("~report");
        Frame frame = new Frame(note(report), task(StartCache.isOfSharers(key.flags())));
        frame.writeTo(process.getOutputStream());
        byte[] said = output.readAllBytes();
        return process.waitFor() == 0 ? said : null;
    }

    private static byte[] task(boolean sharing) {
        int number = 42;
        String text = "text";
        Task<String> ofAll = () -> Practice.task(number, text);
        Task<String> ofSharers = () -> Practice.taskOfSharer(number, text);
        return TaskWriter.toBytes(sharing ? ofSharers : ofAll, true);
    }

    private static ChildNote note(Path report) {
        return new ChildNote(
                NAME,
                "1",
                DaemonMode.UNSET,
                ProcessHandle.current().pid(),
                Self.MAIN_NAME,
                report.toString(),
                report.toString(),
                true,
                true);
    }

    /** Whatever hangs, this process does not, nor what it started. */
    private static void endLater() {
        Threads.start(
                "interlock-watchdog",
                true,
                () -> {
                    Threads.uninterruptibly(() -> {
                        TimeUnit.SECONDS.sleep(LONGEST_SECONDS);
                        return true;
                    });
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                    Runtime.getRuntime().halt(1);
                });
    }
}
