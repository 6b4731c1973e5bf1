package dev.interlock.internal.process;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What a parent sends to a child, once: its note and its task. */
final class Frame {
    private final byte[] head;
    private final byte[] task;

    Frame(ChildNote note, byte[] task) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(Wire.MAGIC);
        Wire.writeBlock(out, note.toBytes());
        out.writeInt(task.length);
        this.head = bytes.toByteArray();
        this.task = task;
    }

    int length() {
        return head.length + task.length;
    }

    /** Writes it in as few pieces as possible. The pipe stays open: it is the lifeline. */
    void writeTo(OutputStream pipe) throws IOException {
        OutputStream out = new BufferedOutputStream(pipe);
        out.write(head);
        out.write(task);
        out.flush();
    }
}
