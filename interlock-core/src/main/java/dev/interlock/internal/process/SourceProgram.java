package dev.interlock.internal.process;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A program that was started from its source file, as in {@code java -cp interlock.jar Main.java}. Its classes exist in memory only,
 * where a child cannot get them, so they are compiled once more into a directory that lives as long as this JVM.
 */
final class SourceProgram {
    private static final String LAUNCHER = "com.sun.tools.javac.launcher.";

    private static String directory = ""; // guarded by this class

    private SourceProgram() {}

    /** The class path with the program's classes in front, if it was started from source; else as it is. */
    static synchronized String addTo(String classPath) throws IOException {
        Optional<Path> source = source();
        if (source.isEmpty()) return classPath;
        if (directory.isEmpty()) directory = compile(source.get(), classPath).toString();
        return classPath.isEmpty() ? directory : directory + File.pathSeparator + classPath;
    }

    private static Optional<Path> source() {
        String command = System.getProperty("sun.java.command", "");
        if (!command.contains(LAUNCHER)) return Optional.empty();
        for (String word : command.split(" ")) {
            if (word.endsWith(".java") && new File(word).isFile())
                return Optional.of(Path.of(word).toAbsolutePath());
        }
        throw new IllegalStateException(
                "This program runs from source, and its file cannot be found in '"
                        + command
                        + "'. Compile it with javac, then run the class with java -cp.");
    }

    private static Path compile(Path source, String classPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException(
                    "This program runs from source, and there is no compiler. Compile it with javac, then run the class with java -cp.");
        }
        Path classes = Files.createTempDirectory("interlock-classes-");
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> delete(classes), "interlock-classes"));
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of(
                            "-d",
                            classes.toString(),
                            "-cp",
                            classPath,
                            "-sourcepath",
                            String.valueOf(source.getParent()),
                            "-proc:none",
                            "-nowarn");
            boolean compiled =
                    compiler.getTask(
                                    messages,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjects(source))
                            .call();
            if (!compiled) {
                throw new IllegalStateException(
                        "This program runs from source, and its classes cannot be made for a child process:\n"
                                + messages
                                + "Compile it with javac, then run the class with java -cp.");
            }
        }
        return classes;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // it lies in the directory for temporary files
        }
    }
}
