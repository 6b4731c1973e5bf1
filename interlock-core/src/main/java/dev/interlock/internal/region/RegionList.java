package dev.interlock.internal.region;

import dev.interlock.InterlockException;
import dev.interlock.RegionInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the regions that there are. */
public final class RegionList {
    private RegionList() {}

    /** The named regions of a directory, and the temporary ones in use. */
    public static List<RegionInfo> of(@Nullable Path asked) {
        Path directory = asked == null ? Directory.ofUser() : asked.toAbsolutePath().normalize();
        Collector.collect(directory);
        List<RegionInfo> regions = new ArrayList<>();
        String[] names = directory.toFile().list();
        if (names == null) return regions;
        Arrays.sort(names);
        for (String name : names) {
            boolean mayBeRegion = name.indexOf(Directory.SEPARATOR, 1) < 0;
            RegionInfo info = mayBeRegion ? describe(directory.resolve(name)) : null;
            if (info != null) regions.add(info);
        }
        return regions;
    }

    /* Null for a file that is no region, or cannot be looked at. */
    private static @Nullable RegionInfo describe(Path path) {
        try (RegionFile file = RegionFile.open(path, Set.of())) {
            int alive = 0;
            for (Member member : Membership.members(file)) {
                if (member.kind() == SlotState.ALIVE && !member.isDead(path)) alive++;
            }
            long used =
                    file.readLong(Layout.OFFSET_ALLOCATED)
                            + file.readLong(Layout.OFFSET_BLOCK_BYTES);
            return new RegionInfo(path.getFileName().toString(), path, used, file.limit(), alive);
        } catch (IOException | InterlockException e) {
            return null;
        }
    }
}
