package dev.interlock.internal.process;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/*
 *   parent                                         spare
 *   exec --------------------------------------->  boots
 *   PRACTISE  --------- its standard input ----->  Practice
 *   awaitReady <------- its standard output -----  READY                 from here on it sleeps in read() and takes no CPU
 *   frame     --------------------------------->   as any other child    the parent's pump reads the same output on
 *
 * The mark in its output begins with a NUL and comes before anything that a task prints. What comes before the mark is the JVM's own, and
 * passed on.
 *
 * One that is wanted at once (EarlyJvm) is not asked to practise: its frame comes first.
 *
 * Death     of the parent, at any time: the spare meets the end of its input, and halts. Of the spare before the frame: it is dropped and
 *           replaced; a frame that cannot be written means the same. After that: a child that died.
 */
/** A JVM that has started and practised, if there was time for that, and waits for a task. */
final class Spare {
    static final String NAME = "interlock-spare";

    private static final byte[] READY = {
        0, 'i', 'n', 't', 'e', 'r', 'l', 'o', 'c', 'k', ' ', 'r', 'e', 'a', 'd', 'y', 0
    };

    private final Process process;
    private final String ancestry;
    private final ReportFiles report;
    private final List<Path> files;

    private Spare(Process process, String ancestry, ReportFiles report, List<Path> files) {
        this.process = process;
        this.ancestry = ancestry;
        this.report = report;
        this.files = files;
    }

    /** Starts one, which then practises. */
    static Spare start() throws IOException {
        Spare spare = startOnly(NAME);
        try {
            askToPractise(spare.process.getOutputStream(), RecentClasses.names());
            return spare;
        } catch (IOException | RuntimeException | Error e) {
            spare.end();
            throw e;
        }
    }

    /** Starts one that has not practised. */
    static Spare startOnly(String name) throws IOException {
        List<Path> files = new ArrayList<>();
        String ancestry = ProcessTree.newAncestry();
        try {
            ReportFiles report = ReportFiles.create();
            files.addAll(report.all());
            ProcessBuilder builder = new ProcessBuilder();
            builder.environment().put(ProcessTree.VARIABLE, ancestry);
            builder.command(CommandLine.of(name, List.of(), builder.environment(), true));
            Path argumentFile = CommandLine.shorten(builder.command());
            if (argumentFile != null) files.add(argumentFile);
            return new Spare(builder.start(), ancestry, report, files);
        } catch (IOException | RuntimeException | Error e) {
            files.forEach(OwnedFile::delete);
            throw e;
        }
    }

    static void askToPractise(OutputStream pipe, List<String> classes) throws IOException {
        DataOutputStream out = new DataOutputStream(pipe);
        out.writeInt(Wire.PRACTISE);
        RecentClasses.write(out, classes);
        out.flush();
    }

    /** Called by the spare itself. */
    static void sayReady(OutputStream out) throws IOException {
        out.write(READY);
        out.flush();
    }

    /** Waits until it has practised. False if it ended instead. */
    boolean awaitReady() {
        try {
            return awaitReady(process.getInputStream(), StandardStream.OUT::write);
        } catch (IOException e) {
            return false; // as good as its end
        }
    }

    /** Reads the output of a spare up to the mark; what comes before goes to {@code others}. */
    static boolean awaitReady(InputStream output, OutputPump.Target others) throws IOException {
        byte[] one = new byte[1];
        for (int matched = 0; matched < READY.length; ) {
            int next = output.read();
            if (next < 0) return false;
            if (next == READY[matched]) {
                matched++;
                continue;
            }
            others.write(READY, matched); // it was no mark
            matched = next == READY[0] ? 1 : 0;
            one[0] = (byte) next;
            if (matched == 0) others.write(one, 1);
        }
        return true;
    }

    Process process() {
        return process;
    }

    String ancestry() {
        return ancestry;
    }

    /** Where it will report; made beforehand, since a hand-over has no time for it. */
    ReportFiles report() {
        return report;
    }

    /** To be removed at its end. */
    List<Path> files() {
        return files;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Ends it, and lets go of all that it had. */
    void end() {
        process.destroyForcibly(); // closes the pipes, too
        files.forEach(OwnedFile::delete);
    }
}
