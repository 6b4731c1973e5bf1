package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.Task;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a child JVM runs: it reads its task from standard input, runs it on the main thread, and reports. Its end is the JVM's usual
 * one, so that other non-daemon threads finish first and an exception gives status 1.
 */
public final class ChildMain {
    private static final long MILLIS_FOR_HOOKS = 500;
    private static final Set<String> SIGNAL_THREADS =
            Set.of("SIGTERM handler", "SIGINT handler", "SIGHUP handler");

    private static volatile boolean orphaned;

    private ChildMain() {}

    /**
     * Runs the task that arrives on standard input.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws Throwable {
        FileInputStream pipe = new FileInputStream(FileDescriptor.in);
        Birth birth;
        try {
            birth = Birth.readFrom(new DataInputStream(pipe));
        } catch (IOException e) {
            Runtime.getRuntime().halt(1); // the parent died, or somebody runs this class by hand
            return;
        }
        System.setIn(InputStream.nullInputStream());
        System.setProperty("interlock.process.name", birth.name());
        Children.born(birth);
        watchParent(pipe, birth.lifetime());
        File report = new File(birth.report());
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread("interlock-end") {
                            @Override
                            public void run() {
                                if (orphaned) Report.remove(report); // nobody will read it
                                else if (!endedBySignal()) Report.markOrderly(report);
                            }
                        });
        run(birth, report);
    }

    /* The JVM ends on a signal as if by System.exit(128 + n), in a thread of that name. */
    private static boolean endedBySignal() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (SIGNAL_THREADS.contains(thread.getName())) return true;
        }
        return false;
    }

    private static void run(Birth birth, File report) throws Throwable {
        try {
            Object result = call(Codec.fromBytes(birth.task()));
            Report.ofResult(Codec.toBytes("The result", result)).writeTo(report);
        } catch (Throwable failure) {
            Throwable shown =
                    failure instanceof ClassNotFoundException missing
                            ? explained(missing)
                            : failure;
            Thread.currentThread().setUncaughtExceptionHandler(new Printer(birth.name()));
            Report.ofFailure(shown).writeTo(report);
            throw shown;
        }
    }

    private static @Nullable Object call(@Nullable Object task) throws Exception {
        if (task instanceof Task<?> withResult) return withResult.call();
        ((Action) java.util.Objects.requireNonNull(task)).run();
        return null;
    }

    private static ClassNotFoundException explained(ClassNotFoundException missing) {
        return new ClassNotFoundException(
                "The child process has no class "
                        + missing.getMessage()
                        + ". It gets the class path and module path of its parent: a class that only lives in the parent's memory (jshell, a"
                        + " generated class) must be put into a jar or directory on that path.",
                missing);
    }

    private record Printer(String process) implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable failure) {
            System.err.print(
                    "Exception in process "
                            + process
                            + " (pid "
                            + ProcessHandle.current().pid()
                            + ") "
                            + Report.trace(failure));
            System.err.flush();
        }
    }

    private static void watchParent(InputStream pipe, Lifetime lifetime) {
        Thread lifeline =
                new Thread("interlock-lifeline") {
                    @Override
                    public void run() {
                        try {
                            while (pipe.read()
                                    >= 0) { // nothing more is sent; the end comes with the parent's
                                // end
                            }
                        } catch (IOException e) {
                            // as good as its end
                        }
                        orphaned = true;
                        if (lifetime != Lifetime.INDEPENDENT) end();
                    }
                };
        lifeline.setDaemon(true);
        lifeline.start();
    }

    /* Shutdown hooks get their chance, but not for ever. */
    private static void end() {
        Thread limit =
                new Thread("interlock-orphan") {
                    @Override
                    public void run() {
                        try {
                            Thread.sleep(MILLIS_FOR_HOOKS);
                        } catch (InterruptedException e) {
                            // then at once
                        }
                        Runtime.getRuntime().halt(1);
                    }
                };
        limit.setDaemon(true);
        limit.start();
        System.exit(1);
    }
}
