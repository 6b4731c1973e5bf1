package dev.interlock.internal.region;

import dev.interlock.RegionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The regions of this process: opens, shares, closes and removes them. */
public final class Regions {
    /** Begins the name of a temporary region, which no user can give. */
    public static final String TEMPORARY_PREFIX = Names.SEPARATOR + "tmp-";

    /** What a process can map. */
    public static final long MAX_BYTES = 1L << 46;

    /** By the region's token; guarded by this class. */
    private static final Map<Long, Attachment> ATTACHED = new HashMap<>();

    private static volatile int attachedCount; // its size, read without the lock

    // What an opener wants, in the JDK's words: an enum of ours would be one more class to load.
    private static final StandardOpenOption MUST_EXIST = StandardOpenOption.WRITE;
    private static final StandardOpenOption MUST_BE_MADE = StandardOpenOption.CREATE_NEW;

    private static boolean hooked;

    private Regions() {}

    /** Whether this process has a region open. */
    public static boolean isAnyOpen() {
        return attachedCount > 0;
    }

    /**
     * Opens or makes a named region.
     *
     * @param how {@code CREATE} makes it if it is absent, {@code CREATE_NEW} wants it to be absent, {@code WRITE} wants it to be there
     */
    public static OpenRegion open(String name, StandardOpenOption how, RegionOptions options) {
        Names.checkRegionName(name);
        Path directory = prepare(options);
        return open(directory.resolve(name), how, options, false);
    }

    /** Makes a region without a name, which goes with its last member. */
    public static OpenRegion temporary(RegionOptions options) {
        Path directory = prepare(options);
        String name = TEMPORARY_PREFIX + Long.toHexString(Membership.newToken());
        return open(directory.resolve(name), MUST_BE_MADE, options, true);
    }

    /** Opens the region that a handle of another process refers to. */
    public static OpenRegion reattach(Path path, long token, Set<PosixFilePermission> permissions) {
        OpenRegion region =
                open(
                        path,
                        MUST_EXIST,
                        new RegionOptions(Layout.INITIAL_BYTES, path.getParent(), permissions),
                        false);
        if (region.token() == token) return region;
        region.close();
        throw Errors.notFound(path, "another one has its name");
    }

    private static Path prepare(RegionOptions options) {
        if (options.maxBytes() < Layout.INITIAL_BYTES) {
            throw badLimit(
                    options.maxBytes(), "too small. Allow " + Layout.INITIAL_BYTES + " or more.");
        }
        if (options.maxBytes() > MAX_BYTES) {
            throw badLimit(
                    options.maxBytes(),
                    "more than a process can map. Allow " + MAX_BYTES + " or less.");
        }
        Path directory = Directory.prepare(options.directory());
        Collector.collect(directory);
        return directory;
    }

    private static IllegalArgumentException badLimit(long maxBytes, String what) {
        return new IllegalArgumentException(
                "A region of at most " + maxBytes + " bytes is " + what);
    }

    private static synchronized OpenRegion open(
            Path path, StandardOpenOption how, RegionOptions options, boolean temporary) {
        if (how == MUST_EXIST && Directory.status(path) == null)
            throw Errors.notFound(path, "it does not exist");
        Attachment attachment =
                new JoinLock<Attachment>(path, options.permissions()) {
                    @Override
                    Attachment work() throws IOException {
                        return attach(path, how, options, temporary);
                    }
                }.call();
        attachment.addUser();
        return new OpenRegion(attachment, options.permissions());
    }

    private static Attachment attach(
            Path path, StandardOpenOption how, RegionOptions options, boolean temporary)
            throws IOException {
        RegionFile.removeUnfinished(path);
        boolean exists = Directory.checkFile(path, options.permissions()) != null;
        if (exists && how == MUST_BE_MADE) {
            throw Errors.exists(path);
        }
        if (!exists && how == MUST_EXIST) throw Errors.notFound(path, "it does not exist");
        if (!exists) {
            RegionFile.create(
                    path,
                    Layout.roundUp(options.maxBytes(), 4096),
                    Membership.newToken(),
                    temporary,
                    options);
        }
        RegionFile file = RegionFile.open(path, options.permissions());
        Attachment shared = ATTACHED.get(file.token());
        if (shared != null) {
            file.close();
            return shared;
        }
        return join(file);
    }

    private static Attachment join(RegionFile file) throws IOException {
        try {
            Membership.sweepTheDead(file);
            Attachment attachment = Membership.join(file, ProcessIdentity.nameOfSelf());
            ATTACHED.put(file.token(), attachment);
            attachedCount = ATTACHED.size();
            Guardian.add(attachment);
            if (file.isTemporary()) removeAtExit();
            return attachment;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** One handle less; the last one ends this process's membership, and a temporary region with its last member. */
    static synchronized void close(Attachment attachment) {
        if (!attachment.removeUser()) return;
        ATTACHED.remove(attachment.file().token());
        attachedCount = ATTACHED.size();
        Guardian.remove(attachment);
        attachment.endStay();
        // Nobody joins meanwhile: the slot of one who leaves slowly may be swept and free before it
        // has stored that itself, and must not be another's by then.
        new JoinLock<@Nullable Void>(attachment.path(), attachment.file().permissions()) {
            @Override
            @Nullable Void work() throws IOException {
                attachment.leave();
                if (attachment.file().isTemporary() && noneIsAlive(attachment.file()))
                    Collector.removeFiles(attachment.path(), true);
                return null;
            }
        }.call();
        attachment.release();
    }

    private static boolean noneIsAlive(RegionFile file) throws IOException {
        for (Member member : Membership.members(file)) {
            if (isThere(member, file.path())) return false;
        }
        return true;
    }

    /*
     * A program that ends without closing its temporary regions. Its other threads still run, so its slot is not given
     * back. If others have a region open, it leaves word that they need not wait for this one: of several that end
     * at the same time, the last one removes the region.
     */
    private static void removeAtExit() {
        if (hooked) return;
        hooked = true;
        ExitHook.install();
    }

    private static final class ExitHook extends Thread {
        private ExitHook() {
            super("interlock-exit");
        }

        static void install() {
            Runtime.getRuntime().addShutdownHook(new ExitHook());
        }

        @Override
        public void run() {
            removeTemporaries();
        }
    }

    private static synchronized void removeTemporaries() {
        for (Attachment attachment : ATTACHED.values()) {
            if (!attachment.file().isTemporary()) continue;
            try {
                leaveTemporary(attachment);
            } catch (RuntimeException e) {
                // one that is stuck or damaged is left for others to collect
            }
        }
    }

    private static void leaveTemporary(Attachment attachment) {
        new JoinLock<@Nullable Void>(attachment.path(), attachment.file().permissions()) {
            @Override
            @Nullable Void work() throws IOException {
                if (othersHaveGone(attachment)) Collector.removeFiles(attachment.path(), true);
                else attachment.sayLeaving();
                return null;
            }
        }.call();
    }

    private static boolean othersHaveGone(Attachment attachment) throws IOException {
        int self = attachment.self().slot();
        for (Member member : Membership.members(attachment.file())) {
            if (member.slot() != self && isThere(member, attachment.path())) return false;
        }
        return true;
    }

    private static boolean isThere(Member member, Path region) {
        return member.kind() == SlotState.ALIVE
                && !member.isLeaving(region)
                && !member.isDead(region);
    }

    /** Removes the name of the region with that token, if it still has it. Who has it open goes on using it. */
    static void unlink(Path path, long token, Set<PosixFilePermission> permissions) {
        new JoinLock<@Nullable Void>(path, permissions) {
            @Override
            @Nullable Void work() throws IOException {
                RegionFile.removeUnfinished(path);
                if (Directory.status(path) == null)
                    throw Errors.notFound(path, "it was unlinked already");
                try (RegionFile file = RegionFile.open(path, permissions)) {
                    if (file.token() != token)
                        throw Errors.notFound(path, "another one has its name");
                }
                Collector.removeFiles(path, false);
                return null;
            }
        }.call();
    }

    /** Removes the name of a region that need not be open, and need not be sound. */
    public static void unlink(String name, RegionOptions options) {
        Names.checkRegionName(name);
        Path path = prepare(options).resolve(name);
        new JoinLock<@Nullable Void>(path, options.permissions()) {
            @Override
            @Nullable Void work() throws IOException {
                RegionFile.removeUnfinished(path);
                if (Directory.checkFile(path, options.permissions()) == null)
                    throw Errors.notFound(path, "it does not exist");
                Collector.removeFiles(path, false);
                return null;
            }
        }.call();
    }
}
