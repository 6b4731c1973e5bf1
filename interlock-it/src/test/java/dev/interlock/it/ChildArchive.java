package dev.interlock.it;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the children, parsed and verified once for all of them: thousands are started, and half of what the most shortly
 * lived ones do is to load the same classes. Only where Maven has packed them in jars, since the JVM archives nothing else.
 *
 * An AOT cache, whose classes are linked before a child begins: it starts a child 25 ms of CPU cheaper, of 130, than an archive made from a
 * list of classes.
 */
final class ChildArchive {
    private static final String JAR = System.getProperty("interlock.it.jar", "");
    private static final Path LOCK = ChildJvm.LOGS.resolve("classes.lock");

    private ChildArchive() {}

    /** What makes and what uses the archive. */
    private static final class Holder {
        static final @Nullable Path ARCHIVE = make();
    }

    /** The jar of the children's classes; null if there is none yet. */
    static @Nullable Path jar() {
        Path jar = Path.of(JAR);
        return JAR.isEmpty() || !Files.exists(jar) ? null : jar;
    }

    /** The options for a JVM with the class path {@code jar()} and the library's jar. */
    static List<String> options() {
        Path archive = Holder.ARCHIVE;
        return archive == null
                ? List.of("-Xshare:auto")
                : List.of(
                        "-XX:AOTCache=" + archive,
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:ArchiveRelocationMode=0", // where it was made for: nothing to patch
                        "-XX:-AOTReplayTraining", // children do not do what was recorded
                        "-Xlog:cds=off",
                        "-Xlog:aot=off");
    }

    /* Test JVMs run side by side: the first makes it. */
    @SuppressWarnings("try") // the lock need not be looked at
    private static @Nullable Path make() {
        Path jar = jar();
        if (jar == null) return null;
        try {
            Files.createDirectories(ChildJvm.LOGS);
            try (FileChannel one =
                            FileChannel.open(
                                    LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = one.lock()) {
                String made = millis(jar) + "-" + millis(ChildJvm.placeOf(Region.class));
                Path archive = ChildJvm.LOGS.resolve("classes-" + made + ".aot");
                if (!Files.exists(archive)) train(archive);
                return archive;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long millis(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @SuppressWarnings("try") // as everywhere, who closes a directory may be interrupted
    private static void train(Path archive) throws IOException, InterruptedException {
        Path fresh = archive.resolveSibling(archive.getFileName() + "~new");
        try (TempRegionDirectory directory = new TempRegionDirectory()) {
            practise(directory.path(), fresh);
        }
        Files.move(fresh, archive);
    }

    private static void practise(Path directory, Path archive)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ChildJvm.java());
        command.add("-XX:AOTCacheOutput=" + archive);
        command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"));
        command.add("-Dinterlock.killpoints=true");
        command.addAll(List.of("-cp", ChildJvm.classPath(), Child.class.getName()));
        command.addAll(List.of(Verbs.class.getName(), "practise", directory.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ChildJvm.LOGS.resolve("classes.txt").toFile())
                        .start();
        int code = process.waitFor();
        if (code != 0) throw new IOException("no archive of classes: exit code " + code);
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing comes between
    static final class Verbs {
        private static final String CLASS = ".class";

        /** Does a little of what most children do, having all classes that any of them may need. */
        static void practise(Child me) throws Exception {
            for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1))
                loadAll(jar);
            try (Region region = me.open("r")) {
                SharedLock lock = region.lock("l");
                lock.lock();
                Thread waiter =
                        new Thread(() -> {
                            lock.lock();
                            lock.unlock();
                        });
                waiter.start();
                Thread.sleep(Duration.ofMillis(50));
                lock.unlock();
                waiter.join();
                var both = region.readWriteLock("rw");
                both.readLock().lock();
                both.readLock().unlock();
                both.writeLock().lock();
                both.writeLock().unlock();
                region.semaphore("s", 1).tryAcquire(2, Duration.ofMillis(1));
                region.reentrantLock("re").isHeldByCurrentThread();
                region.longArray("a", 10).set(1, 1);
                region.event("e").set();
                region.countDownLatch("c", 1).countDown();
                region.barrier("b", 1).await();
                region.processes();
                region.objects();
                region.unlink();
            }
        }

        /* A child that finds all its classes in the archive does not open the jars. */
        private static void loadAll(String jar) throws IOException {
            try (JarFile classes = new JarFile(jar)) {
                for (JarEntry entry : Collections.list(classes.entries())) {
                    String file = entry.getName();
                    if (file.endsWith(CLASS)) load(file.replace('/', '.').replace(CLASS, ""));
                }
            }
        }

        private static void load(String name) {
            try {
                Class.forName(name, false, Child.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                // of a test, which needs what children do not have
            }
        }
    }
}
