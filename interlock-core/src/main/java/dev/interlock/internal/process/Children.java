package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** This process, its parent, and its children. */
public final class Children {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final ConcurrentLinkedQueue<RunningChild<?>> ACTIVE =
            new ConcurrentLinkedQueue<>();
    private static volatile @Nullable Birth birth; // of this process, if it is a child

    private Children() {}

    static void born(Birth own) {
        birth = own;
    }

    static int nextNumber() {
        return STARTED.incrementAndGet();
    }

    /** As in {@code 1:2} for the second child of the first child. */
    static String pathOf(int number) {
        Birth own = birth;
        return own == null ? Integer.toString(number) : own.path() + ":" + number;
    }

    static Lifetime defaultLifetime() {
        Birth own = birth;
        return own != null && own.lifetime() == Lifetime.DAEMON
                ? Lifetime.DAEMON
                : Lifetime.AWAITED;
    }

    static String ownName() {
        Birth own = birth;
        return own == null ? "main" : own.name();
    }

    static void add(RunningChild<?> child) {
        ACTIVE.add(child);
    }

    static void remove(RunningChild<?> child) {
        ACTIVE.remove(child);
    }

    /** This process. */
    public static ChildProcess<?> current() {
        Birth own = birth;
        return new Relative(
                ownName(),
                ProcessHandle.current(),
                own != null && own.lifetime() == Lifetime.DAEMON);
    }

    /** The process that started this one. */
    public static Optional<ChildProcess<?>> parent() {
        Birth own = birth;
        if (own == null) return Optional.empty();
        Optional<ProcessHandle> handle =
                ProcessHandle.current().parent().filter(parent -> parent.pid() == own.parentPid());
        return Optional.of(new Relative(own.parentName(), own.parentPid(), handle, false));
    }

    /** The children that are alive. */
    public static List<ChildProcess<?>> active() {
        return ACTIVE.stream()
                .filter(ChildProcess::isAlive)
                .<ChildProcess<?>>map(child -> child)
                .toList();
    }
}
