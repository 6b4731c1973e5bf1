package dev.interlock;

import dev.interlock.internal.process.Wire;
import dev.interlock.internal.process.WireInput;
import dev.interlock.internal.region.Opening;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

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

    void write(DataOutputStream out) throws IOException {
        Wire.writeString(out, path);
        out.writeLong(token);
        Wire.writeString(out, permissions);
    }

    /** Reads what {@link #write} wrote, and opens the region. */
    static Region read(WireInput in) throws IOException {
        String path = Wire.readString(in);
        long token = in.readLong();
        return arrive(path, token, Wire.readString(in));
    }

    /*
     * All handles that arrive share one opening, which nobody needs to close; if somebody does, the next one opens
     * again.
     */
    @SuppressWarnings("ConstantValue") // a stream may leave out any field
    private Object readResolve() throws InvalidObjectException {
        if (path == null || permissions == null) throw Handle.notDirectly();
        return arrive(path, token, permissions);
    }

    private static Region arrive(String path, long token, String permissions) {
        synchronized (ARRIVED) {
            Region region = ARRIVED.get(token);
            if (region == null || region.isClosed()) {
                region = reattach(path, token, permissions);
                ARRIVED.put(token, region);
            }
            return region;
        }
    }

    private static Region reattach(String path, long token, String permissions) {
        return new Region(Opening.again(Path.of(path), token, parse(permissions)));
    }

    /* Most are the usual ones, and each worker of a pool begins with this: see there. */
    private static Set<PosixFilePermission> parse(String permissions) {
        return permissions.equals(RegionOptions.USUAL_PERMISSIONS)
                ? RegionOptions.defaults().permissions()
                : PosixFilePermissions.fromString(permissions);
    }
}
