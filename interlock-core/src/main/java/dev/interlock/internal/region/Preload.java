package dev.interlock.internal.region;

/**
 * Loads and links, beside the thread that opens the first region, what it is going to need: most of a cold opening is the loading of
 * classes, and a second CPU has nothing to do then.
 */
public final class Preload extends Thread {
    /*
     * In the order in which the opener comes to them, which loads the first ones itself meanwhile. They are not initialized here, so
     * nobody is kept waiting by it, but for what takes long and depends on nothing else: file channels, and what this process is.
     */
    private static final String[] FOR_THE_JOIN_LOCK = {
        "region.Directory$Status",
        "region.Collector",
        "region.JoinLock",
        "region.Regions$1",
        "os.KillPoints",
    };
    private static final String[] FOR_READING = {
        "region.RegionFile", "region.Membership", "region.ProcessIdentity", "region.Member",
    };
    private static final String[] FOR_JOINING = {
        "region.SlotState",
        "region.Layout",
        "region.Attachment",
        "region.Guardian",
        "region.OpenRegion",
    };

    private static final String FILE_CHANNEL = "sun.nio.ch.FileChannelImpl";

    /* Those that are not in the JDK's archive of classes. Where one is not, the opener does without it. */
    private static final String[] FOR_LOCKING_A_FILE = {
        "sun.nio.ch.FileLockImpl", "sun.nio.ch.FileLockTable", "sun.nio.ch.FileKey",
    };
    private static final String[] FOR_MAKING_A_FILE = {
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
        Class.forName(FILE_CHANNEL, true, null);
        linkOurs(FOR_THE_JOIN_LOCK);
        load(FOR_LOCKING_A_FILE);
        linkOurs(FOR_READING);
        ProcessIdentity.self();
        linkOurs(FOR_JOINING);
        load(FOR_MAKING_A_FILE);
    }

    /* Asking for its constructors makes the JVM link a class, that is verify it, which takes as long as loading it. */
    private static void linkOurs(String[] names) throws ClassNotFoundException {
        ClassLoader loader = Preload.class.getClassLoader();
        for (String name : names) {
            var _ =
                    Class.forName("dev.interlock.internal." + name, false, loader)
                            .getDeclaredConstructors();
        }
    }

    private static void load(String[] names) throws ClassNotFoundException {
        for (String name : names) Class.forName(name, false, null);
    }
}
