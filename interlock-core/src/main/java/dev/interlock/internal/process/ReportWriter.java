package dev.interlock.internal.process;

import dev.interlock.InterlockException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/*
 *   report   entries, appended by the child, read by the parent when the child has ended
 *   entry    kind (byte), block, ~kind (byte)        the length of the block is stored last, and is negative until then: one without
 *                                                  it was cut off by death or a full disk
 *   RESULT   values: the task's result
 *   FAILURE  class, message, stack trace (strings), serialized exception (block, empty if it cannot be serialized)
 *   EXIT     empty: the JVM is ending in order, not by a signal
 *
 * The parent made the file, empty, so that the directory exists and cannot be removed as unused. The file of a dead parent is removed by
 * the child, or collected later.
 */
/** The child's side of the report on how its task and itself ended. */
public final class ReportWriter {
    static final byte RESULT = 1;
    static final byte FAILURE = 2;
    static final byte EXIT = 3;

    private final String spareFile;
    private String file;

    ReportWriter(String file, String spareFile) {
        this.file = file;
        this.spareFile = spareFile;
    }

    /**
     * Reports the task's result.
     *
     * @throws dev.interlock.TaskNotSerializableException if it cannot be serialized
     * @throws InterlockException if there is no room for it in either place
     */
    void result(@Nullable Object result) {
        ResultContent content = new ResultContent(result);
        try {
            append(RESULT, content);
        } catch (EntryStream.FileProblem e) {
            throw noRoom(e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Unserializable.result(result, e);
        }
    }

    /** Writes what an entry is about; may be asked to do so twice. */
    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static final class ResultContent implements Content {
        private final @Nullable Object result;

        ResultContent(@Nullable Object result) {
            this.result = result;
        }

        @Override
        public void write(DataOutputStream out) throws IOException {
            Values.write(out, result);
        }
    }

    private static final class BytesContent implements Content {
        private final byte[] bytes;

        BytesContent(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(DataOutputStream out) throws IOException {
            out.write(bytes);
        }
    }

    private InterlockException noRoom(EntryStream.FileProblem problem) {
        InterlockException exception =
                new InterlockException(
                        "The task's result of more than "
                                + problem.written()
                                + " bytes cannot be handed to the parent process: there is no room for it in "
                                + new File(file).getParent()
                                + " nor in "
                                + new File(spareFile).getParent()
                                + ". Make room there, set java.io.tmpdir, or put large data into a Region.");
        exception.initCause(problem);
        return exception;
    }

    void failure(Throwable failure) throws IOException {
        append(FAILURE, new BytesContent(failureBytes(failure)));
    }

    /** A failure as it travels; see {@link Outcome#ofFailure}. */
    public static byte[] failureBytes(Throwable failure) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        Wire.writeString(out, failure.getClass().getName());
        Wire.writeString(out, message(failure));
        Wire.writeString(out, stackTrace(failure));
        Wire.writeBlock(out, serialized(failure));
        return bytes.toByteArray();
    }

    /* An exception's own methods are the user's code and may fail, too. */
    private static @Nullable String message(Throwable failure) {
        try {
            return failure.getMessage();
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** A stack trace as it is printed; of an exception whose own methods fail, as much as can be had. */
    public static String stackTrace(Throwable failure) {
        try {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (RuntimeException e) {
            return failure.getClass().getName()
                    + " (whose stack trace cannot be printed: "
                    + e.getClass().getName()
                    + ")";
        }
    }

    private static byte[] serialized(Throwable failure) {
        try {
            return Serialization.toBytes(failure);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return new byte[0];
        }
    }

    void exit() throws IOException {
        append(EXIT, new BytesContent(new byte[0]));
    }

    private synchronized void append(byte kind, Content content) throws IOException {
        try {
            append(file, kind, content);
        } catch (EntryStream.FileProblem e) {
            appendToSpareFile(kind, content, e);
        }
    }

    private void appendToSpareFile(byte kind, Content content, EntryStream.FileProblem problem)
            throws IOException {
        if (file.equals(spareFile)) throw problem;
        try {
            PrivateDirectory.prepare(Path.of(new File(spareFile).getParent()));
            append(spareFile, kind, content);
            file = spareFile; // for what follows, too
        } catch (IOException e) {
            problem.addSuppressed(e);
            throw problem;
        }
    }

    private static void append(String name, byte kind, Content content) throws IOException {
        try (EntryStream entry = EntryStream.open(name, kind)) {
            content.write(new DataOutputStream(entry));
            entry.commit();
        }
    }

    /** Removes the report: nobody is left to read it. */
    void delete() {
        new File(file).delete();
        new File(spareFile).delete();
    }
}
