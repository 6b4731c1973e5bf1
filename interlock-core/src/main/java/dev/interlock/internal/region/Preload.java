package dev.interlock.internal.region;

/**
 * Loads, beside the thread that opens the first region, what it is going to need: most of a cold opening is the loading of
 * classes. What is not needed is better not loaded at all: the JVM's compilers want the same CPUs then.
 */
final class Preload {
    /*
     * In the order in which the opener comes to them, which loads the first ones itself meanwhile. They are initialized, too: that is
     * short, and waits for no other thread.
     */
    private static final String[] FOR_THE_JOIN_LOCK = {"region.Directory$Status", "os.KillPoints"};
    private static final String[] FOR_READING = {
        "region.RegionFile", "region.ProcessIdentity", "region.Member",
    };
    private static final String[] FOR_JOINING = {"region.Membership", "region.Attachment"};

    private static final String FILE_CHANNEL = "sun.nio.ch.FileChannelImpl";

    /* Those that are not in the JDK's archive of classes. Where one is not, the opener does without it and what follows. */
    private static final String[] FOR_LOOKING_AT_A_FILE = {
        "sun.nio.fs.UnixFileAttributeViews$Unix",
        "sun.nio.fs.AbstractBasicFileAttributeView$AttributesBuilder",
    };
    private static final String[] FOR_LOCKING_A_FILE = {
        "sun.nio.ch.FileLockImpl", "sun.nio.ch.FileLockTable", "sun.nio.ch.FileKey",
    };
    private static final String[] FOR_MAKING_A_FILE = {
        "java.nio.file.attribute.PosixFilePermissions",
        "java.nio.file.attribute.PosixFilePermissions$1",
        "sun.nio.fs.UnixFileModeAttribute$1",
        "sun.nio.fs.UnixChannelFactory$1",
    };

    private Preload() {}

    /** Loads what it can. */
    static void loadAll() {
        try {
            loadEach();
        } catch (Throwable e) {
            // If it matters, the opener meets the same, and can say so. The guardian's thread has
            // to go on.
        }
    }

    static void loadEach() throws ClassNotFoundException {
        Class.forName(FILE_CHANNEL, true, null); // takes long
        jdks(FOR_LOOKING_AT_A_FILE);
        jdks(FOR_LOCKING_A_FILE);
        ours(FOR_THE_JOIN_LOCK);
        ours(FOR_READING);
        ProcessIdentity.self();
        ours(FOR_JOINING);
        jdks(FOR_MAKING_A_FILE);
    }

    private static void ours(String[] names) throws ClassNotFoundException {
        ClassLoader loader = Preload.class.getClassLoader();
        for (String name : names) Class.forName("dev.interlock.internal." + name, true, loader);
    }

    private static void jdks(String[] names) throws ClassNotFoundException {
        for (String name : names) Class.forName(name, false, null);
    }
}
