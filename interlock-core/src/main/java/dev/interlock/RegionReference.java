package dev.interlock;

import dev.interlock.internal.region.Regions;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** A {@link Region} on its way to another process, which on arrival is a member of the region until it ends. */
final class RegionReference implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Map<Long, Region> ARRIVED = new HashMap<>(); // by token; guarded by itself

    private final String path;
    private final long token;
    private final String permissions;

    /** Throws {@link IllegalStateException} if the region is closed: the receiver could not rely on it. */
    RegionReference(Region region) {
        region.opened().requireOpen();
        path = region.path().toString();
        token = region.opened().token();
        permissions = PosixFilePermissions.toString(region.opened().permissions());
    }

    /*
     * All handles that arrive share one opening, which nobody needs to close; if somebody does, the next one opens
     * again.
     */
    @SuppressWarnings("ConstantValue") // a stream may leave out any field
    private Object readResolve() throws InvalidObjectException {
        if (path == null || permissions == null) throw Handle.notDirectly();
        synchronized (ARRIVED) {
            Region region = ARRIVED.get(token);
            if (region == null || region.isClosed()) {
                region = reattach();
                ARRIVED.put(token, region);
            }
            return region;
        }
    }

    private Region reattach() {
        return new Region(
                Regions.reattach(
                        Path.of(path), token, PosixFilePermissions.fromString(permissions)));
    }
}
