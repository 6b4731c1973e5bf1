package dev.interlock.internal.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a child JVM. Reads a task from standard input, runs it, reports how it went.
 *
 * <p>All on the way to the task's first instruction is written to load few classes: no lambdas, no NIO, no native calls, and no object
 * streams for plain arguments.
 */
public final class ChildMain {
    private static final int NO_TASK = 1;

    private ChildMain() {}

    /** Started by {@link Launch} only. */
    public static void main(String[] arguments) throws Throwable {
        WireInput pipe = new WireInput(new FileInputStream(FileDescriptor.in));
        System.setIn(InputStream.nullInputStream());
        Lifeline lifeline = new Lifeline(pipe);
        ChildNote note = readNote(pipe, lifeline);
        StandardStream.OUT.becomeChilds(note.outIsPiped());
        StandardStream.ERR.becomeChilds(note.errIsPiped());
        ReportWriter report = new ReportWriter(note.report(), note.spareReport());
        try {
            byte[] task = readTask(pipe);
            Self.becomeChild(note, lifeline);
            Runtime.getRuntime().addShutdownHook(new ExitHook(report, lifeline));
            lifeline.watch(note);
            report.result(run(task));
        } catch (Throwable failure) {
            reportFailure(report, failure);
            Thread.currentThread().setUncaughtExceptionHandler(new Printer(note.name()));
            throw failure; // which makes the exit code 1, once all non-daemon threads have ended
        }
    }

    private static ChildNote readNote(WireInput pipe, Lifeline lifeline) throws IOException {
        try {
            int magic = pipe.readInt();
            if (magic == Wire.PRACTISE) magic = beSpare(pipe, lifeline);
            if (magic == Wire.MAGIC) return ChildNote.fromBytes(Wire.readBlock(pipe));
        } catch (IOException e) {
            throw endWithoutTask(); // the parent died while this JVM was starting
        }
        System.err.println(
                "This is the inside of an Interlock child process, and not for running by hand.");
        throw endWithoutTask();
    }

    /* Whatever can be done before the task is known. */
    private static int beSpare(WireInput pipe, Lifeline lifeline) throws IOException {
        Practice.run(RecentClasses.read(pipe));
        StandardStream.OUT.becomeChilds(true);
        StandardStream.ERR.becomeChilds(true);
        lifeline.start();
        Settling settling = new Settling();
        Spare.sayReady(new FileOutputStream(FileDescriptor.out));
        settling.start();
        int magic = pipe.readInt();
        settling.end();
        return magic;
    }

    private static byte[] readTask(WireInput pipe) {
        try {
            return Wire.readBlock(pipe);
        } catch (IOException e) {
            throw endWithoutTask();
        }
    }

    private static Error endWithoutTask() {
        Runtime.getRuntime().halt(NO_TASK);
        return new AssertionError();
    }

    private static @Nullable Object run(byte[] bytes) throws Throwable {
        return read(bytes).run();
    }

    private static TaskReader read(byte[] bytes) {
        try {
            return TaskReader.fromBytes(bytes, ClassLoader.getSystemClassLoader());
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the task", e);
        }
    }

    private static void reportFailure(ReportWriter report, Throwable failure) {
        try {
            report.failure(failure);
        } catch (IOException | RuntimeException | Error e) {
            System.err.println(
                    "Cannot report the failure that follows to the parent process: " + e);
        }
    }

    /** Prints an uncaught exception the way the JVM does, with the name of the process. */
    private static final class Printer implements Thread.UncaughtExceptionHandler {
        private final String name;

        Printer(String name) {
            this.name = name;
        }

        @Override
        public void uncaughtException(Thread thread, Throwable failure) {
            System.err.print(
                    "Exception in process " + name + " " + ReportWriter.stackTrace(failure));
        }
    }
}
