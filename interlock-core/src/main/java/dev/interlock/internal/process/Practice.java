package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.Task;
import dev.interlock.internal.os.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/*
 * What a JVM does for the first time it loads and links, and this is most of what a child does before its task. So a spare does all of
 * it once beforehand: reads a note and a task of either kind, makes a region, takes a lock, links native calls, opens the program's jars.
 * No class of the program is touched: its statics are fresh when its task comes.
 */
/** What a JVM does that is to be quick later. */
public final class Practice {
    /** Keeps what is computed from being for nothing. */
    private static volatile @Nullable Object seen;

    private Practice() {}

    /** Goes through all of it once. What fails will fail again when it is needed, and be told then. */
    static void run() {
        try {
            handOver();
            region();
        } catch (Throwable e) {
            seen = e;
        }
        seen = null;
    }

    /** A task as they are sent: a lambda that captured a few plain values. */
    public static String task(int number, String text) {
        seen = text;
        return text + number;
    }

    private static void handOver() throws Throwable {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        seen = loader.getResource("dev/interlock/absent"); // looks into all jars
        ChildNote note = note();
        seen = ChildNote.fromBytes(note.toBytes());
        int number = 42;
        String text = "text";
        Task<String> task = () -> task(number, text);
        seen = TaskReader.fromBytes(TaskWriter.toBytes(task, true), loader).run();
        Action whole = task::call; // captures another lambda, and so goes through object streams
        seen = TaskReader.fromBytes(TaskWriter.toBytes(whole, false), loader).run();
        values(loader);
        // loads them, and they are not used
        ReportWriter report = new ReportWriter(note.report(), note.spareReport());
        Lifeline lifeline = new Lifeline(InputStream.nullInputStream(), true, note.parentPid());
        seen = new ExitHook(report, lifeline);
        seen = StandardStream.ERR.current();
        Class.forName(LineOutput.class.getName());
        Class.forName(EntryStream.class.getName());
    }

    private static ChildNote note() {
        return new ChildNote("name", "1", DaemonMode.UNSET, 1, "parent", "", "", true, true);
    }

    private static void values(ClassLoader loader) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Values.write(new DataOutputStream(bytes), 1, 2L, 3.0, true, 'c', null, "text", new int[1]);
        seen = Values.read(new WireInput(new ByteArrayInputStream(bytes.toByteArray())), loader);
    }

    private static void region() {
        Syscalls.linkNow();
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock("lock");
            SharedLong value = region.longValue("value", 0);
            Action use =
                    () -> {
                        try (var _ = lock.acquire()) {
                            value.incrementAndGet();
                        }
                    };
            seen =
                    TaskReader.fromBytes(
                                    TaskWriter.toBytes(use, false),
                                    ClassLoader.getSystemClassLoader())
                            .run();
        } catch (Throwable e) {
            seen = e; // no shared memory here: then nothing will need it
        }
    }
}
