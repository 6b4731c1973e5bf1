package dev.interlock.internal.process;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/*
 * The next task is likely to be of a class that an earlier one was of, and to load that is half of what a hand-over takes. So a spare is
 * told of them when it is started.
 *
 *   to a spare   count (int), names (strings)
 */
/** The classes of the tasks that this process gave away last. */
public final class RecentClasses {
    private static final int MOST = 8;
    private static final String SEPARATOR = "\n";

    private static final List<String> NAMES =
            new ArrayList<>(); // guarded by itself; the latest last
    private static volatile String last = ""; // spares those who send thousands the lock

    private RecentClasses() {}

    static void add(String name) {
        if (name.equals(last)) return;
        last = name;
        synchronized (NAMES) {
            NAMES.remove(name);
            NAMES.add(name);
            if (NAMES.size() > MOST) NAMES.removeFirst();
        }
    }

    static List<String> names() {
        synchronized (NAMES) {
            return List.copyOf(NAMES);
        }
    }

    /** The latest of them, or else the program's main class, for {@link #loadLikely}. */
    public static String likely() {
        List<String> names = names();
        if (!names.isEmpty()) return String.join(SEPARATOR, names);
        String command =
                System.getProperty(
                        "sun.java.command", ""); // what main class or jar, and its arguments
        int end = command.indexOf(' ');
        return end < 0 ? command : command.substring(0, end);
    }

    /** Loads what {@link #likely} has named, in another process. */
    public static void loadLikely(String names) {
        load(List.of(names.split(SEPARATOR)));
    }

    static void write(DataOutputStream out, List<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) Wire.writeString(out, name);
    }

    static List<String> read(WireInput in) throws IOException {
        List<String> names = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) names.add(Wire.readString(in));
        return names;
    }

    /**
     * Loads them as far as can be without running anything of theirs: their statics are fresh when the task comes. What is missing here will
     * be missed, and told of, by the task.
     */
    static void load(List<String> names) {
        for (String name : names) {
            try {
                Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
                Practice.seen = type.getDeclaredMethods(); // which links it, and is what finds the
                // task's method
            } catch (ClassNotFoundException | LinkageError e) {
                // as above
            }
        }
    }
}
