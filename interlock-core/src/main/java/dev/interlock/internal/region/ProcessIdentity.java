package dev.interlock.internal.region;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What tells one process of this machine from all others, past and present: the pid alone is reused, and means
 * something only in its own pid namespace.
 *
 * @param pid in the process's own namespace
 * @param startTicks when it started, in clock ticks since boot; 0 if that cannot be read
 * @param namespace the inode of its pid namespace; 0 if that cannot be read
 */
public record ProcessIdentity(long pid, long startTicks, long namespace) {
    // Fields of /proc/<pid>/stat, where the command is field 2.
    private static final int START_TIME_AFTER_COMMAND = 22 - 3;
    private static final int FLAGS_AFTER_COMMAND = 9 - 3;
    private static final long PF_EXITING = 4;
    private static final String NAMESPACE_PIDS = "\nNSpid:";

    /** What it is called, if its parent said so. */
    private static final String NAME_PROPERTY = "interlock.process.name";

    private static @Nullable ProcessIdentity self;
    private static boolean procIsOurs;

    /** This process. */
    public static synchronized ProcessIdentity self() {
        if (self == null) {
            // ProcessHandle would know the pid, and take ten milliseconds to load.
            String[] pids = pidsOfSelf();
            procIsOurs = pids.length == 1;
            long pid = Long.parseLong(pids[pids.length - 1]);
            String stat = read("/proc/self/stat");
            self =
                    new ProcessIdentity(
                            pid,
                            stat == null ? 0 : field(stat, START_TIME_AFTER_COMMAND),
                            namespaceOfSelf());
        }
        return self;
    }

    /** What this process is called where others see it: as its parent said, or like its program. */
    static String nameOfSelf() {
        String given = System.getProperty(NAME_PROPERTY);
        if (given != null) return given;
        String command = System.getProperty("sun.java.command", "java");
        int end = command.indexOf(' ');
        String program = end < 0 ? command : command.substring(0, end);
        return program.substring(
                Math.max(
                                program.lastIndexOf('/'),
                                program.endsWith(".jar") ? -1 : program.lastIndexOf('.'))
                        + 1);
    }

    /* This process in the namespace that /proc was mounted in, then in those below, down to its own. */
    private static String[] pidsOfSelf() {
        String status = read("/proc/self/status");
        String pids = status == null ? null : namespacePids(status);
        if (pids == null) return new String[] {Long.toString(ProcessHandle.current().pid())};
        return pids.split("\t");
    }

    /** The pids in a status, or null if it does not have that line to its end. */
    static @Nullable String namespacePids(String status) {
        int line = status.indexOf(NAMESPACE_PIDS);
        int end = line < 0 ? -1 : status.indexOf('\n', line + 1);
        return end < 0 ? null : status.substring(line + NAMESPACE_PIDS.length(), end).trim();
    }

    private static long namespaceOfSelf() {
        try {
            return (Long) Files.getAttribute(Path.of("/proc/self/ns/pid"), "unix:ino");
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether this is the process that asks. */
    boolean isSelf() {
        ProcessIdentity self = self();
        // Compared by hand: the equals of a record is slow the first time.
        return pid == self.pid && startTicks == self.startTicks && namespace == self.namespace;
    }

    /** Whether {@code /proc} of the process that asks can tell about this one. */
    private boolean isInSight() {
        return namespace != 0 && startTicks != 0 && self().namespace == namespace && procIsOurs;
    }

    /**
     * Whether none of its threads will ever run again outside of the kernel, as far as {@code /proc} proves it. This
     * holds much earlier than the kernel's other signs of death, all of which wait until the memory was given back.
     * What is merely absent proves nothing: {@code /proc} may hide the processes of others.
     */
    boolean isExiting() {
        if (!isInSight() || !isFirstThreadExiting()) return false;
        File tasks = new File("/proc/" + pid + "/task");
        if (!allExiting(tasks)) return false;
        // Again, as that listing may have missed a thread that one of the listed had just started.
        return allExiting(tasks) && hasSameStart();
    }

    /**
     * Whether {@code /proc} shows no such process, or another one with its pid. Processes that it hides look gone too.
     */
    public boolean isGone() {
        return isInSight() && !hasSameStart();
    }

    /* Of a process that lives that is rarely so, and then there is no need to ask for the others. */
    private boolean isFirstThreadExiting() {
        String stat = read("/proc/" + pid + "/stat");
        return stat != null && isOfThis(stat) && isExiting(stat);
    }

    private boolean hasSameStart() {
        String stat = read("/proc/" + pid + "/stat");
        return stat != null && isOfThis(stat);
    }

    private boolean isOfThis(String stat) {
        return field(stat, START_TIME_AFTER_COMMAND) == startTicks;
    }

    private static boolean isExiting(String stat) {
        return (field(stat, FLAGS_AFTER_COMMAND) & PF_EXITING) != 0;
    }

    /** Runs once through all that {@link #isExiting()} needs, so that it is quick when it matters. */
    void practise() {
        File tasks = new File("/proc/self/task");
        String[] threads = tasks.list();
        if (threads == null) return;
        for (String thread : threads) {
            String stat = read(tasks.getPath() + "/" + thread + "/stat");
            // Never true; but the fields are looked for.
            if (stat != null && field(stat, FLAGS_AFTER_COMMAND) < 0) return;
        }
    }

    private static boolean allExiting(File tasks) {
        String[] threads = tasks.list();
        if (threads == null) return false;
        int exiting = 0;
        for (String thread : threads) {
            File directory = new File(tasks, thread);
            String stat = read(directory.getPath() + "/stat");
            if (stat == null) {
                if (directory.exists()) return false; // there is another reason than its end
            } else if (isExiting(stat)) {
                exiting++;
            } else {
                return false;
            }
        }
        return exiting > 0;
    }

    /** A file of {@code /proc}, or null if it cannot be read. */
    static @Nullable String read(String path) {
        try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
            byte[] bytes = new byte[4096];
            int length = file.read(bytes);
            while (length == bytes.length) { // until the kernel has less than we have room for
                bytes = Arrays.copyOf(bytes, 2 * length);
                length += Math.max(0, file.read(bytes, length, length));
            }
            return length <= 0 ? null : new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }

    /** A number from a stat line; the command before it may contain anything, blanks and brackets too. */
    private static long field(String stat, int afterCommand) {
        int at = stat.lastIndexOf(')') + 1;
        for (int i = 0; i < afterCommand && at > 0; i++) at = stat.indexOf(' ', at + 1);
        if (at <= 0) return 0;
        int end = stat.indexOf(' ', at + 1);
        try {
            return Long.parseLong(stat, at + 1, end < 0 ? stat.length() : end, 10);
        } catch (IllegalArgumentException e) { // no number; its own class would be one more to load
            return 0;
        }
    }

    /** A part of a file name that holds all three, for {@link #parse}. */
    public String toFileNamePart() {
        return pid + "-" + startTicks + "-" + namespace;
    }

    /** Reads what {@link #toFileNamePart()} wrote, or null if it is not that. */
    public static @Nullable ProcessIdentity parse(String part) {
        String[] numbers = part.split("-", -1);
        if (numbers.length < 3) return null;
        try {
            return new ProcessIdentity(
                    Long.parseLong(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]));
        } catch (IllegalArgumentException e) { // no number; its own class would be one more to load
            return null;
        }
    }
}
