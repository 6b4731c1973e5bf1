package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** This process, its parent, and its living children. */
public final class Processes {
    private static final Set<Child<?>> CHILDREN = new LinkedHashSet<>(); // guarded by itself
    private static boolean hooked; // guarded by CHILDREN

    private static volatile boolean ending; // written by EndOfParent

    private Processes() {}

    public static ChildProcess<?> current() {
        return CurrentProcess.INSTANCE;
    }

    public static Optional<ChildProcess<?>> parent() {
        ChildNote note = Self.note();
        Lifeline lifeline = Self.lifeline();
        if (note == null || lifeline == null) return Optional.empty();
        return Optional.of(new ParentProcess(note, lifeline));
    }

    public static List<ChildProcess<?>> active() {
        return new ArrayList<>(children());
    }

    static List<Child<?>> children() {
        synchronized (CHILDREN) {
            return new ArrayList<>(CHILDREN);
        }
    }

    /** Keeps the child from being collected as garbage, which would close its lifeline. */
    static void add(Child<?> child) {
        synchronized (CHILDREN) {
            CHILDREN.add(child);
        }
    }

    static void remove(Child<?> child) {
        synchronized (CHILDREN) {
            CHILDREN.remove(child);
        }
    }

    /** No child is started from now on. */
    static void end() {
        ending = true;
    }

    /** Whether this JVM is ending. */
    public static boolean isEnding() {
        return ending;
    }

    /**
     * Sees to it that children end with this process.
     *
     * @throws IllegalStateException if this process is ending already
     */
    static void hookToEnd() {
        if (ending) throw new IllegalStateException("This JVM is ending.");
        synchronized (CHILDREN) {
            if (hooked) return;
            Runtime.getRuntime().addShutdownHook(new EndOfParent());
            hooked = true;
        }
    }
}
