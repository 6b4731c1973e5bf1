package dev.interlock;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that a test runs as a user would, with the launcher of this JDK. */
final class JavaProgram implements AutoCloseable {
    private final Process process;

    private JavaProgram(Process process) {
        this.process = process;
    }

    /** The classes of the library, as a class path entry. */
    static String library() {
        try {
            return Path.of(
                            ChildProcess.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a main class of the test sources; the JVM's warning does not break into its lines. */
    static JavaProgram run(Class<?> main, String... arguments) throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        words.addAll(List.of(arguments));
        return launch(Path.of("").toAbsolutePath(), words.toArray(new String[0]));
    }

    /** Runs {@code java} with these words on its command line. */
    static JavaProgram launch(Path directory, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(List.of(words));
        return new JavaProgram(
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start());
    }

    static String java() {
        return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    }

    Process process() {
        return process;
    }

    String readLine() throws IOException {
        String line = process.inputReader().readLine();
        if (line == null) throw new AssertionError("The program printed no more lines and ended");
        return line;
    }

    /** Reads a line that is the pid of a process. */
    ProcessHandle readProcess() throws IOException {
        String line = readLine();
        return ProcessHandle.of(Long.parseLong(line))
                .orElseThrow(() -> new AssertionError("No process " + line));
    }

    /** All that it prints until its end and that of all who hold its output. */
    List<String> readAll() {
        return process.inputReader().lines().toList();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Waits for the end of a process that is no child of this one. */
    static void awaitEnd(ProcessHandle process) throws InterruptedException {
        while (process.isAlive() && !isZombie(process)) TimeUnit.MILLISECONDS.sleep(10);
    }

    /* An orphan is reaped by whoever is process 1, which in a container may never do it. */
    private static boolean isZombie(ProcessHandle process) {
        try {
            String stat =
                    java.nio.file.Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
