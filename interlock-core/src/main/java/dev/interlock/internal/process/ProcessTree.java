package dev.interlock.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/*
 * The kernel forgets who started an orphan: the children of a dead process become init's. So each child carries in its environment the
 * marks of all its ancestors, which all that it starts inherit, whether or not it is a JVM; they are read from /proc/<pid>/environ.
 */
/** Finds and kills all descendants of a process. */
final class ProcessTree {
    static final String VARIABLE = "INTERLOCK_ANCESTRY";

    private ProcessTree() {}

    /** A mark that no other child of any process has, and the marks of this process before it. */
    static String newAncestry() {
        String ours = System.getenv(VARIABLE);
        String mark = OwnedFile.newName("");
        return ours == null || ours.isEmpty() ? mark : ours + ":" + mark;
    }

    /** Kills a process and all of its descendants; again, until no new one turns up that was started meanwhile. */
    static void kill(ProcessHandle root, String ancestry) {
        Set<ProcessHandle> killed = new HashSet<>();
        while (true) {
            Set<ProcessHandle> found =
                    family(root, ancestry); // all of them first: the dead have no children
            found.removeAll(killed);
            if (found.isEmpty()) return;
            found.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(found);
        }
    }

    private static Set<ProcessHandle> family(ProcessHandle root, String ancestry) {
        Set<ProcessHandle> family = new HashSet<>(marked(ancestry));
        root.descendants().forEach(family::add);
        if (root.isAlive()) family.add(root);
        family.remove(ProcessHandle.current());
        return family;
    }

    private static List<ProcessHandle> marked(String ancestry) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> hasAncestry(process.pid(), ancestry)).toList();
        }
    }

    private static boolean hasAncestry(long pid, String ancestry) {
        try {
            Path file = Path.of("/proc", Long.toString(pid), "environ");
            String environment =
                    "\0" + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1) + "\0";
            String variable = "\0" + VARIABLE + "=" + ancestry;
            return environment.contains(variable + "\0") || environment.contains(variable + ":");
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }
}
