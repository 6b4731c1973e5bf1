package dev.interlock.internal.region;

/**
 * Loads and links, beside the thread that opens the first region, what it is going to need: most of a cold opening is the loading of
 * classes, and a second CPU has nothing to do then. Nothing is initialized here, so nobody is kept waiting by it.
 */
public final class Preload extends Thread {
    /* In the order in which the opener comes to them. */
    private static final String[] OURS = {
        "region.Regions",
        "region.Directory",
        "region.JoinLock",
        "region.RegionFile",
        "region.Membership",
        "region.ProcessIdentity",
        "region.Member",
        "region.SlotState",
        "region.ProcessName",
        "region.Layout",
        "sync.Cpus",
        "sync.Stay",
        "region.Attachment",
        "region.Guardian",
        "region.OpenRegion",
        "region.ByOffset",
    };

    /* Those that are not in the JDK's archive of classes. Where one is not, the opener does without it. */
    private static final String[] THE_JDKS = {
        "sun.nio.ch.FileLockImpl",
        "sun.nio.ch.FileLockTable",
        "java.nio.file.attribute.PosixFilePermissions",
        "java.nio.file.attribute.PosixFilePermissions$1",
        "sun.nio.fs.UnixFileModeAttribute$1",
        "sun.nio.fs.UnixChannelFactory$1",
    };

    private static final long SMALL_STACK_BYTES = 128 << 10;

    private Preload() {
        super(null, null, "interlock-preload", SMALL_STACK_BYTES, false);
        setDaemon(true);
    }

    /** Begins; to be called once, as early as possible. */
    public static void begin() {
        new Preload().start();
    }

    @Override
    public void run() {
        try {
            linkAll();
        } catch (ClassNotFoundException | LinkageError e) {
            // If it matters, the opener meets the same, and can say so.
        }
    }

    static void linkAll() throws ClassNotFoundException {
        String prefix = "dev.interlock.internal.";
        for (String name : OURS) link(prefix + name, Preload.class.getClassLoader());
        for (String name : THE_JDKS) Class.forName(name, false, null);
    }

    /* Asking for its constructors makes the JVM link a class, that is verify it, which takes as long as loading it. */
    private static void link(String name, ClassLoader loader) throws ClassNotFoundException {
        var _ = Class.forName(name, false, loader).getDeclaredConstructors();
    }
}
