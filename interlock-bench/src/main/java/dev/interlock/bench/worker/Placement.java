package dev.interlock.bench.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * On which CPUs the two parties of a measurement run: both pinned, or both wherever the kernel likes. Only the thread that measures
 * is pinned, so that its JVM goes on believing in all CPUs, as it does in a real program.
 *
 * @param first CPU of the first party, or -1
 * @param second CPU of the second party, or -1
 */
public record Placement(int first, int second) {
    /** Wherever the kernel likes. */
    public static final Placement BY_KERNEL = new Placement(-1, -1);

    /** Two CPUs if there are two and {@code taskset} can pin a thread to each, else {@link #BY_KERNEL}. */
    public static Placement pinnedIfPossible() throws InterruptedException {
        try {
            List<Integer> cpus = allowedCpus();
            if (cpus.size() < 2) return BY_KERNEL;
            return canPin(cpus.getFirst())
                    ? new Placement(cpus.getFirst(), cpus.get(1))
                    : BY_KERNEL;
        } catch (IOException e) {
            return BY_KERNEL; // no /proc
        }
    }

    /* On a thread that ends afterwards, as there is no way back. */
    private static boolean canPin(int cpu) throws InterruptedException {
        var pinned = new boolean[1];
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        pinCurrentThread(cpu);
                        pinned[0] = true;
                    } catch (IOException e) {
                        pinned[0] = false; // no taskset, or not allowed
                    }
                })
                .join();
        return pinned[0];
    }

    /** The CPU of a party, or -1: those with even numbers share one, and so do those with odd ones. */
    public int of(int party) {
        return party % 2 == 0 ? first : second;
    }

    /** For the notes of a result. */
    public String text() {
        return first < 0
                ? "Both are placed by the kernel, here and in C."
                : "One is pinned to CPU "
                        + first
                        + ", the other to CPU "
                        + second
                        + ", in Java, C and Python alike.";
    }

    /** Keeps the calling platform thread on that CPU from now on; -1 does nothing. */
    static void pinCurrentThread(int cpu) throws IOException {
        if (cpu < 0) return;
        Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        Process taskset =
                new ProcessBuilder("taskset", "-cp", String.valueOf(cpu), String.valueOf(thread))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (taskset.onExit().join().exitValue() != 0) throw new IOException("taskset failed");
    }

    /* Cpus_allowed_list:	0-1,4 */
    private static List<Integer> allowedCpus() throws IOException {
        String label = "Cpus_allowed_list:";
        String ranges =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(label))
                        .map(line -> line.substring(label.length()).strip())
                        .findFirst()
                        .orElse("");
        List<Integer> cpus = new ArrayList<>();
        for (String range : ranges.split(",", -1)) {
            if (range.isEmpty()) continue;
            String[] ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) cpus.add(cpu);
        }
        return cpus;
    }
}
