package dev.interlock.internal.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a child is told over its standard input when it starts. The pipe then stays open as a lifeline: its end is the parent's.
 *
 * @param name of the child
 * @param path numbers of the child and its ancestors among their siblings, as in {@code 1:2}
 * @param lifetime what the parent's end means
 * @param parentPid the parent
 * @param parentName the parent's name
 * @param report file for the outcome
 * @param task the task, serialized
 */
record Birth(
        String name,
        String path,
        Lifetime lifetime,
        long parentPid,
        String parentName,
        String report,
        byte[] task) {
    private static final int MAGIC = 0x494C4B31;

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeUTF(name);
        out.writeUTF(path);
        out.writeByte(lifetime.ordinal());
        out.writeLong(parentPid);
        out.writeUTF(parentName);
        out.writeUTF(report);
        out.writeInt(task.length);
        out.write(task);
        out.flush();
    }

    /** Reads it; a parent that died in between makes this an end of file. */
    static Birth readFrom(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) throw new IOException("not started by Interlock");
        String name = in.readUTF();
        String path = in.readUTF();
        Lifetime lifetime = Lifetime.of(in.readByte());
        long parentPid = in.readLong();
        String parentName = in.readUTF();
        String report = in.readUTF();
        byte[] task = new byte[in.readInt()];
        in.readFully(task);
        return new Birth(name, path, lifetime, parentPid, parentName, report, task);
    }
}
