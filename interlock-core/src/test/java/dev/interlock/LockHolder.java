package dev.interlock;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Another JVM that holds a lock until it is killed. */
final class LockHolder implements AutoCloseable {
    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** Starts it, and returns when it owns the lock of that name. */
    static LockHolder of(SharedLock lock, Region region) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("--enable-native-access=ALL-UNNAMED");
        for (String name : List.of("interlock.wait", "interlock.futex.waitv.refused")) {
            String value = System.getProperty(name);
            if (value != null) command.add("-D" + name + "=" + value);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(LockHolder.class.getName());
        command.addAll(
                List.of(
                        Objects.requireNonNull(region.path().getParent()).toString(),
                        region.name(),
                        lock.name()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        if (!"held".equals(line)) throw new AssertionError("the child said " + line);
        return new LockHolder(process);
    }

    long pid() {
        return process.pid();
    }

    /** Kills it, as kill -9 does, and returns at once. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
    }

    /** What the other JVM runs: directory, region, lock. */
    @SuppressWarnings("SystemOut") // how it speaks with its parent
    public static void main(String[] args) throws IOException {
        var options = RegionOptions.defaults().directory(Path.of(args[0]));
        Region.attach(args[1], options).lock(args[2]).lock();
        System.out.println("held");
        while (System.in.read() >= 0) {} // until killed, or until the parent is gone
    }
}
