package dev.interlock.internal.region;

import dev.interlock.RegionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens or makes a region, and makes this process its member. All that a program needs to open a region and that nothing else needs is in
 * here: what ends and removes regions is not loaded before it is used, see {@link Regions}. A handle keeps it, and has it make the
 * {@link OpenRegion} when it is first used.
 */
public final class Opening extends JoinLock<Attachment> {
    // What an opener wants, in the JDK's words: an enum of ours would be one more class to load.
    private static final StandardOpenOption MUST_EXIST = StandardOpenOption.WRITE;
    private static final StandardOpenOption MUST_BE_MADE = StandardOpenOption.CREATE_NEW;

    /** What this process has open, by the region's token. Guarded by itself, which a thread holds while it opens or closes a region. */
    static final Map<Long, Attachment> ATTACHED = new HashMap<>();

    private static volatile boolean any; // whether it holds something; to be read without the lock

    private final Path path;
    private final StandardOpenOption how;
    private final RegionOptions options;
    private final boolean temporary;
    private @Nullable Attachment attachment; // written once, before others see this
    private volatile @Nullable OpenRegion region; // written under this

    private Opening(Path path, StandardOpenOption how, RegionOptions options, boolean temporary) {
        super(path, options.permissions());
        this.path = path;
        this.how = how;
        this.options = options;
        this.temporary = temporary;
    }

    /**
     * Opens or makes a named region.
     *
     * @param how {@code CREATE} makes it if it is absent, {@code CREATE_NEW} wants it to be absent, {@code WRITE} wants it to be there
     */
    public static Opening named(String name, StandardOpenOption how, RegionOptions options) {
        Directory.checkRegionName(name);
        Path directory = prepare(options);
        return open(directory.resolve(name), how, options, false);
    }

    /** Makes a region without a name, which goes with its last member. */
    public static Opening temporary(RegionOptions options) {
        Path directory = prepare(options);
        String name = Directory.TEMPORARY_PREFIX + Long.toHexString(Membership.newToken());
        return open(directory.resolve(name), MUST_BE_MADE, options, true);
    }

    /** Opens the region that a handle of another process refers to. */
    public static Opening again(Path path, long token, Set<PosixFilePermission> permissions) {
        Opening opening =
                open(
                        path,
                        MUST_EXIST,
                        new RegionOptions(Layout.INITIAL_BYTES, path.getParent(), permissions),
                        false);
        if (opening.region().token() == token) return opening;
        opening.region().close();
        throw Errors.notFound(path, "another one has its name");
    }

    /** The directory that the options ask for, checked, without what dead programs left there. */
    static Path prepare(RegionOptions options) {
        if (options.maxBytes() < Layout.INITIAL_BYTES || options.maxBytes() > Regions.MAX_BYTES)
            throw Errors.limitOutOfRange(options.maxBytes());
        Path directory = Directory.prepare(options.directory());
        if (Directory.mayHoldLeftovers(directory)) Collector.collect(directory);
        return directory;
    }

    private static Opening open(
            Path path, StandardOpenOption how, RegionOptions options, boolean temporary) {
        synchronized (ATTACHED) {
            if (how == MUST_EXIST && Directory.status(path) == null)
                throw Errors.notFound(path, "it does not exist");
            Opening opening = new Opening(path, how, options, temporary);
            opening.attach();
            return opening;
        }
    }

    private void attach() {
        attachment = call();
        attachment.addUser();
    }

    /** What was opened. Made when it is first asked for: opening does without, and its class is one of the largest to load. */
    public OpenRegion region() {
        OpenRegion made = region;
        return made != null ? made : makeRegion();
    }

    private synchronized OpenRegion makeRegion() {
        OpenRegion made = region;
        if (made == null)
            region =
                    made =
                            new OpenRegion(
                                    Objects.requireNonNull(attachment), options.permissions());
        return made;
    }

    /** Whether this process has a region open. */
    static boolean isAny() {
        return any;
    }

    /** From now on the attachment is not shared any more. */
    static void remove(Attachment attachment) {
        ATTACHED.remove(attachment.file().token());
        any = !ATTACHED.isEmpty();
    }

    @Override
    Attachment work() throws IOException {
        RegionFile.removeUnfinished(path);
        RegionFile file = RegionFile.open(path, existing(), options.permissions());
        Attachment shared = ATTACHED.get(file.token());
        if (shared != null) {
            file.close();
            return shared;
        }
        return join(file);
    }

    /* What the file's state is, which is made if that is wanted. */
    private Directory.@Nullable Status existing() throws IOException {
        Directory.Status status = Directory.checkFile(path, options.permissions());
        if (status != null && how == MUST_BE_MADE) throw Errors.exists(path);
        if (status != null) return status;
        if (how == MUST_EXIST) throw Errors.notFound(path, "it does not exist");
        RegionFile.create(path, Membership.newToken(), temporary, options);
        return Directory.checkFile(path, options.permissions());
    }

    private static Attachment join(RegionFile file) throws IOException {
        try {
            Attachment attachment = Membership.join(file, ProcessIdentity.nameOfSelf());
            ATTACHED.put(file.token(), attachment);
            any = true;
            Guardian.add(attachment);
            if (file.isTemporary()) Regions.removeAtExit();
            return attachment;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
