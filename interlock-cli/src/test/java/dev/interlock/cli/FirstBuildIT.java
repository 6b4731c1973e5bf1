package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.cli.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a fresh checkout. In a copy of the sources, as other tests run from what is built here. */
class FirstBuildIT {
    @TempDir Path directory;

    @Test
    void whereNothingIsBuilt_itBuilds_once() throws Exception {
        Path copy = directory.resolve("copy");
        copySources(copy);
        Launcher launcher = Launcher.in(directory).calledAs(copy.resolve("interlock"));

        Run first = launcher.run("--version");
        Run second = launcher.run("--version");

        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.errors()).startsWith("interlock: building ").hasLineCount(1);
        assertThat(second.output()).startsWith("interlock ").isEqualTo(first.output());
        assertThat(second.errors()).isEmpty();
    }

    /* No more than a build reads: the tests of other modules are at work, and leave files beside these. */
    private static void copySources(Path copy) throws IOException {
        Files.createDirectories(copy);
        for (String name : List.of("interlock", "mvnw", "pom.xml", "etc", ".mvn"))
            copyTree(Launcher.PROJECT.resolve(name), copy.resolve(name));
        try (var modules = Files.newDirectoryStream(Launcher.PROJECT, "interlock-*")) {
            for (Path module : modules) {
                Path to = Files.createDirectory(copy.resolve(module.getFileName()));
                copyTree(module.resolve("pom.xml"), to.resolve("pom.xml"));
                copyTree(module.resolve("src"), to.resolve("src"));
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.exists(from)) return;
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList())
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
