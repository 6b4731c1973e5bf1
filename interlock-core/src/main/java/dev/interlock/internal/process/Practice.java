package dev.interlock.internal.process;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.Task;
import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/*
 * What a JVM does for the first time it loads and links, and this is most of what a child does before its task. So a spare goes once
 * through all that lies between a frame and an ordinary task, makes a region, takes a lock, links native calls, opens the program's jars.
 * No class of the program is initialized: its statics are fresh when its task comes.
 *
 * Object streams and lambdas are left out, here and so in the cache, but for HandleForms: they would make each spare 8 MB larger, and most tasks come
 * without.
 */
/** What a JVM does that is to be quick later. Public for lambdas only. */
public final class Practice {
    /** What a worker of a pool does, of a package that knows this one. */
    private static final String OF_POOLS = "dev.interlock.internal.pool.WorkerPractice";

    /** Keeps what is computed from being for nothing; never read. */
    static volatile @Nullable Object seen;

    private Practice() {}

    /** What a spare does. What fails will fail again when it is needed, and be told then. */
    static void run(List<String> classes) {
        try {
            handOver();
            region();
            Class.forName(OF_POOLS)
                    .asSubclass(Runnable.class)
                    .getDeclaredConstructor()
                    .newInstance()
                    .run();
            RecentClasses.load(classes);
        } catch (Throwable e) {
            // as above
        }
        seen = null;
    }

    /** A task that does nothing, of the most ordinary kind. */
    public static String task(int number, String text) {
        seen = text;
        return text + number;
    }

    /** The same for who records a cache for those who share a region. Not for spares: it is of no use to them, and takes memory. */
    public static String taskOfSharer(int number, String text) {
        HandleForms.link();
        return task(number, text);
    }

    private static void handOver() throws Throwable {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        seen = loader.getResource("dev/interlock/absent"); // looks into all jars
        inflate();
        ChildNote note =
                new ChildNote("name", "1", DaemonMode.UNSET, 1, "parent", "", "", true, true);
        seen = ChildNote.fromBytes(note.toBytes());
        seen = TaskReader.fromBytes(call(), loader).run();
        becomeChild(note);
        if (!isRecorded()) Class.forName(NotInCache.class.getName());
    }

    /* Jars are compressed as a rule. Ours is not, but this one of the JDK's. */
    private static void inflate() throws IOException {
        File jar = Path.of(System.getProperty("java.home"), "lib", "jrt-fs.jar").toFile();
        if (!jar.exists()) return;
        try (ZipFile zip = new ZipFile(jar);
                InputStream in = zip.getInputStream(zip.getEntry("META-INF/MANIFEST.MF"))) {
            seen = in.readAllBytes();
        }
    }

    /* Makes everything and begins nothing that would have to be ended. */
    private static void becomeChild(ChildNote note) throws ReflectiveOperationException {
        ReportWriter report = new ReportWriter(note.report(), note.spareReport());
        Lifeline lifeline = new Lifeline(new WireInput(InputStream.nullInputStream()));
        Thread hook = new ExitHook(report, lifeline);
        Runtime.getRuntime().addShutdownHook(hook);
        Runtime.getRuntime().removeShutdownHook(hook);
        Class.forName(Self.class.getName());
        Class.forName(EntryStream.class.getName());
    }

    /** As TaskWriter would write task(42, "text"), had it been given a lambda to look into. */
    public static byte[] call() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(true);
        out.writeByte(Callee.CALL);
        Wire.writeString(out, Practice.class.getName());
        Wire.writeString(out, "task");
        Wire.writeString(out, "(ILjava/lang/String;)Ljava/lang/String;");
        Values.write(out, 42, "text");
        return bytes.toByteArray();
    }

    /**
     * A class that is loaded from the jar, as those of the program are. So it must not be in the cache, where the JVM that records it
     * would put it.
     */
    private static final class NotInCache {}

    private static boolean isRecorded() {
        return CacheTrainer.NAME.equals(System.getProperty(Self.NAME_PROPERTY));
    }

    /** What a parent does that is to start children quickly. */
    static void ofParent() {
        int number = 42;
        String text = "text";
        Task<String> task = () -> task(number, text);
        seen = TaskWriter.toBytes(task, true);
    }

    private static void region() {
        Syscalls.linkNow();
        Futex.canWaitForMany(); // JDK 25.0.3 crashes on making a cache if this class is loaded
        // and was never used
        try (Region region = Region.temporary()) {
            use(region.lock("lock"), region.longValue("value", 0));
        }
    }

    /* What most tasks use that use anything. */
    private static void use(SharedLock lock, SharedLong value) {
        try (var _ = lock.acquire()) {
            value.incrementAndGet();
        }
    }
}
