package dev.interlock.internal.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a child is told about itself ahead of its task.
 *
 * @param name its name
 * @param numbers its place in the family, as in {@code 2:1} for the first child of the second child
 * @param mode what its parent's end means to it
 * @param parentPid the process id of its parent
 * @param parentName the name of its parent
 * @param report the file for its report
 * @param spareReport the file to use if {@code report} cannot be written
 * @param outIsPiped whether its parent reads its standard output
 * @param errIsPiped whether its parent reads its standard error
 */
record ChildNote(
        String name,
        String numbers,
        DaemonMode mode,
        long parentPid,
        String parentName,
        String report,
        String spareReport,
        boolean outIsPiped,
        boolean errIsPiped) {
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        Wire.writeString(out, name);
        Wire.writeString(out, numbers);
        out.writeByte(mode.code());
        out.writeLong(parentPid);
        Wire.writeString(out, parentName);
        Wire.writeString(out, report);
        Wire.writeString(out, spareReport);
        out.writeBoolean(outIsPiped);
        out.writeBoolean(errIsPiped);
        return bytes.toByteArray();
    }

    static ChildNote fromBytes(byte[] bytes) throws IOException {
        WireInput in = new WireInput(new ByteArrayInputStream(bytes));
        return new ChildNote(
                Wire.readString(in),
                Wire.readString(in),
                DaemonMode.ofCode(in.readByte()),
                in.readLong(),
                Wire.readString(in),
                Wire.readString(in),
                Wire.readString(in),
                in.readBoolean(),
                in.readBoolean());
    }
}
