package dev.interlock.internal.process;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a child reported, as its parent reads it after the child's end. See {@link ReportWriter} for the format.
 *
 * @param result the bytes of the result, or null
 * @param failure the bytes of the failure, or null
 * @param exitedInOrder whether the JVM began to end in order rather than by a signal
 * @param problem why the report could not be read, or null
 */
record Report(
        byte @Nullable [] result,
        byte @Nullable [] failure,
        boolean exitedInOrder,
        @Nullable IOException problem) {

    /** Of a child that reported nothing. */
    static final Report NONE = new Report(null, null, false, null);

    /** Reads the files of a child's report. Either may be missing. */
    static Report read(Path... files) {
        byte[] result = null;
        byte[] failure = null;
        boolean exited = false;
        IOException problem = null;
        for (Path file : files) {
            try (DataInputStream in =
                    new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                while (in.available() > 0) {
                    byte kind = in.readByte();
                    int length = in.readInt();
                    if (length < 0 || length > in.available()) throw new EOFException("cut off");
                    byte[] content = in.readNBytes(length);
                    if (in.readByte() != (byte) ~kind) throw new EOFException("cut off");
                    if (kind == ReportWriter.RESULT) result = content;
                    if (kind == ReportWriter.FAILURE) failure = content;
                    if (kind == ReportWriter.EXIT) exited = true;
                }
            } catch (NoSuchFileException | EOFException e) {
                // nothing more was reported: the child died while it wrote, or before
            } catch (IOException e) {
                problem = e;
            } catch (OutOfMemoryError e) {
                problem = new IOException("it is too large for this JVM's memory", e);
            }
        }
        return new Report(result, failure, exited, problem);
    }
}
