package dev.interlock.internal.process;

import dev.interlock.ProcessStartException;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A program run as {@code java Main.java}. The launcher compiles it into memory, where no other JVM can find it, so it is compiled once
 * more into a directory for the children, which is removed when this JVM ends. Same source and same compiler give the same names to
 * lambdas.
 */
final class SourceProgram {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");

    private static boolean looked; // this and the next: guarded by the class
    private static @Nullable Path classes;

    private SourceProgram() {}

    /** Where the program's classes are for children; null if the program does not run from source. */
    static synchronized @Nullable Path classes() {
        if (!looked) {
            String source = System.getProperty("jdk.launcher.sourcefile");
            if (source != null) classes = compile(Path.of(source));
            looked = true;
        }
        return classes;
    }

    static synchronized void deleteClasses() {
        if (classes != null) OwnedFile.delete(classes);
    }

    private static Path compile(Path source) {
        try {
            Path directory = PrivateDirectory.prepare(PrivateDirectory.onDisk());
            Path target =
                    Files.createDirectory(directory.resolve(OwnedFile.newName(OwnedFile.CLASSES)));
            try {
                compile(source, target);
                return target;
            } catch (IOException | RuntimeException e) {
                OwnedFile.delete(target);
                throw e;
            }
        } catch (IOException e) {
            throw problem(source, e.toString(), e);
        }
    }

    private static void compile(Path source, Path target) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) throw problem(source, "this Java installation has no compiler", null);
        StringWriter messages = new StringWriter();
        boolean compiled;
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiled =
                    compiler.getTask(
                                    messages,
                                    files,
                                    null,
                                    options(source, target),
                                    null,
                                    files.getJavaFileObjects(compilable(source, target)))
                            .call();
        }
        if (!compiled) throw problem(source, "the compiler says:\n" + messages, null);
    }

    private static List<String> options(Path source, Path target) throws IOException {
        List<String> options =
                new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", target.toString()));
        options.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
        options.addAll(List.of("-sourcepath", root(source).toString()));
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) options.addAll(List.of("-p", modulePath));
        for (String option : JvmArguments.get()) {
            if (option.equals("--enable-preview"))
                options.addAll(
                        List.of(
                                option,
                                "--release",
                                Integer.toString(Runtime.version().feature())));
            if (option.equals("--add-modules=ALL-DEFAULT"))
                continue; // the launcher's own, not for the compiler
            if (option.startsWith("--add-modules=") || option.startsWith("--add-exports="))
                options.addAll(List.of(option.split("=", 2)));
        }
        return options;
    }

    /* The launcher finds other classes of the program in source files, too, from the root of the package tree. */
    private static File root(Path source) throws IOException {
        File root = source.toAbsolutePath().toFile().getParentFile();
        Matcher declaration = PACKAGE.matcher(Files.readString(source));
        int levels = declaration.find() ? declaration.group(1).split("\\.", -1).length : 0;
        for (int i = 0; i < levels && root.getParentFile() != null; i++)
            root = root.getParentFile();
        return root;
    }

    /* A script may begin with #! and have any name, which the compiler does not take. */
    private static File compilable(Path source, Path target) throws IOException {
        String text = Files.readString(source);
        boolean isScript = text.startsWith("#!");
        if (!isScript && source.toString().endsWith(".java")) return source.toFile();
        String name = source.getFileName().toString();
        Path copy = target.resolve(name.endsWith(".java") ? name : name + ".java");
        Files.writeString(copy, isScript ? "//" + text : text);
        return copy.toFile();
    }

    private static ProcessStartException problem(
            Path source, String reason, @Nullable Throwable cause) {
        return new ProcessStartException(
                "Cannot start a process from the source program "
                        + source
                        + ": its classes exist only in the memory of this JVM, and compiling them for the child failed: "
                        + reason
                        + "\nCompile it first: javac -d classes -cp <class path> "
                        + source
                        + " and run it with java -cp classes:<class path> <main class>.",
                cause);
    }
}
