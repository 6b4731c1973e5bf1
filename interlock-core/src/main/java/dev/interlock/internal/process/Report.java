package dev.interlock.internal.process;

import dev.interlock.internal.region.Directory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a child's task ended, as the child writes it to a file for its parent: standard output and error belong to the user, and a
 * file survives both writer and reader until it is read. It is written under another name and renamed, so it is whole or absent.
 *
 * @param failed whether the task threw
 * @param type class of what it threw; empty if it returned
 * @param message its text and stack trace; empty if it returned
 * @param object the result or the exception, serialized; empty if that was not possible
 */
record Report(boolean failed, String type, String message, byte[] object) {

    static Report ofResult(byte[] result) {
        return new Report(false, "", "", result);
    }

    static Report ofFailure(Throwable failure) {
        byte[] object;
        try {
            object = Codec.toBytes("The exception", failure);
        } catch (RuntimeException | StackOverflowError e) {
            object = new byte[0];
        }
        return new Report(true, failure.getClass().getName(), trace(failure), object);
    }

    static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Writes it for the parent to read; into the directory for temporary files if shared memory is full. */
    void writeTo(File file) throws IOException {
        try {
            write(file);
        } catch (IOException e) {
            write(elsewhere(file));
        }
    }

    private void write(File file) throws IOException {
        File unfinished = new File(file.getPath() + "-new");
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(unfinished)))) {
            out.writeBoolean(failed);
            out.writeUTF(type);
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
            out.writeInt(object.length);
            out.write(object);
        } catch (IOException e) {
            unfinished.delete();
            throw e;
        }
        if (!unfinished.renameTo(file)) throw new IOException("cannot rename " + unfinished);
    }

    private static File elsewhere(File file) {
        return new File(System.getProperty("java.io.tmpdir", "/tmp"), "interlock" + file.getName());
    }

    /** Reads it; null if the child did not write one. */
    static @Nullable Report read(File file) throws IOException {
        for (File place : new File[] {file, elsewhere(file)}) {
            if (place.length() > 0) return readFrom(place);
        }
        return null;
    }

    private static Report readFrom(File file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(file)))) {
            boolean failed = in.readBoolean();
            String type = in.readUTF();
            byte[] message = in.readNBytes(in.readInt());
            byte[] object = in.readNBytes(in.readInt());
            return new Report(failed, type, new String(message, StandardCharsets.UTF_8), object);
        }
    }

    /** A new, empty file for a child's report. */
    static File newFile(int number) throws IOException {
        File file = Directory.newReport(number);
        if (!file.createNewFile()) throw new IOException(file + " exists");
        return file;
    }

    /** Says that the JVM ends by its own will, so that its exit code is no signal. */
    static void markOrderly(File file) {
        try {
            mark(file).createNewFile();
        } catch (IOException e) {
            return; // a code above 128 will be taken for a signal
        }
    }

    static boolean isMarkedOrderly(File file) {
        return mark(file).exists();
    }

    private static File mark(File file) {
        return new File(file.getPath() + "-end");
    }

    /** Removes all that a child may have written. */
    static void remove(File file) {
        file.delete();
        elsewhere(file).delete();
        mark(file).delete();
        new File(file.getPath() + "-new").delete();
        Directory.removeOwnIfEmpty();
    }
}
