package dev.interlock;

import dev.interlock.internal.process.HandleCodec;
import dev.interlock.internal.process.WireInput;
import java.io.DataOutputStream;
import java.io.IOException;

/*
 *   region   false, reference
 *   object   true, reference, payload (long), lock in it (int), name, type (byte, its code), option (long)
 *
 * Sender and receiver are of the same version: a child has its parent's jar. What has a class of the user's with it, a record or a queue,
 * goes through an object stream.
 */
/** How handles travel as arguments and results of tasks. */
final class PlainHandles extends HandleCodec {
    static {
        provide(new PlainHandles());
    }

    private PlainHandles() {}

    @Override
    public boolean canWrite(Object value) {
        return value instanceof Region
                || (value instanceof SharedObject shared && shared.handle.isPlain());
    }

    @Override
    public void write(DataOutputStream out, Object value) throws IOException {
        if (value instanceof SharedObject shared) {
            out.writeBoolean(true);
            new RegionReference(shared.handle.owner()).write(out);
            shared.handle.writePlain(out);
        } else {
            out.writeBoolean(false);
            new RegionReference((Region) value).write(out);
        }
    }

    @Override
    public Object read(WireInput in) throws IOException {
        boolean isObject = in.readBoolean();
        Region region = RegionReference.read(in);
        if (!isObject) return region;
        return Handle.readPlain(in, region);
    }
}
