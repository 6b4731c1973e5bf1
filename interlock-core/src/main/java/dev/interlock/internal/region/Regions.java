package dev.interlock.internal.region;

import dev.interlock.RegionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The regions that this process has open, see {@link Opening}: closes and removes them. */
public final class Regions {
    /** What a process can map. */
    public static final long MAX_BYTES = 1L << 46;

    private static boolean hooked; // guarded by Opening.ATTACHED

    private Regions() {}

    /** Whether this process has a region open. */
    public static boolean isAnyOpen() {
        return Opening.isAny();
    }

    /** One handle less; the last one ends this process's membership, and a temporary region with its last member. */
    static void close(Attachment attachment) {
        synchronized (Opening.ATTACHED) {
            if (attachment.removeUser()) leave(attachment);
        }
    }

    private static void leave(Attachment attachment) {
        Opening.remove(attachment);
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
    static void removeAtExit() {
        if (!hooked) ExitHook.install();
        hooked = true;
    }

    private static final class ExitHook extends Thread {
        private ExitHook() {
            super("interlock-exit");
        }

        static void install() {
            try {
                Runtime.getRuntime().addShutdownHook(new ExitHook());
            } catch (IllegalStateException e) {
                // The JVM is ending: who makes a region now closes it, or leaves it for others to
                // collect.
            }
        }

        @Override
        public void run() {
            removeTemporaries();
        }
    }

    private static void removeTemporaries() {
        synchronized (Opening.ATTACHED) {
            for (Attachment attachment : Opening.ATTACHED.values()) {
                if (!attachment.file().isTemporary()) continue;
                try {
                    leaveTemporary(attachment);
                } catch (RuntimeException e) {
                    // one that is stuck or damaged is left for others to collect
                }
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
        Directory.checkRegionName(name);
        Path path = Opening.prepare(options).resolve(name);
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
