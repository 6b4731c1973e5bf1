package dev.interlock.internal.process;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who this process is: a main process, or a child that knows its note and its lifeline. */
final class Self {
    static final String MAIN_NAME = "MainProcess";

    /** Read by whatever else in this JVM wants to show the process's name; also visible in process listings. */
    static final String NAME_PROPERTY = "interlock.process.name";

    private static final AtomicLong CHILDREN = new AtomicLong();

    private static @Nullable ChildNote
            note; // this and the next: written once, before the task runs
    private static @Nullable Lifeline lifeline;

    private Self() {}

    static void becomeChild(ChildNote itsNote, Lifeline itsLifeline) {
        note = itsNote;
        lifeline = itsLifeline;
        System.setProperty(
                NAME_PROPERTY, itsNote.name()); // a spare did not know it when it started
    }

    static @Nullable ChildNote note() {
        return note;
    }

    static @Nullable Lifeline lifeline() {
        return lifeline;
    }

    static String name() {
        return note == null ? MAIN_NAME : note.name();
    }

    static boolean isDaemon() {
        return note != null && note.mode() == DaemonMode.DAEMON;
    }

    /** The family numbers of the next child: {@code 3} for a main process's third, {@code 2:1} for the first of child 2. */
    static String nextNumbers() {
        long number = CHILDREN.incrementAndGet();
        return note == null ? Long.toString(number) : note.numbers() + ":" + number;
    }
}
