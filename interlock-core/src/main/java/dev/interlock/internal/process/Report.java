package dev.interlock.internal.process;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a child reported, as its parent reads it after the child's end. See {@link ReportWriter} for the format. */
final class Report {
    private byte @Nullable [] result;
    private byte @Nullable [] failure;
    private boolean exitedInOrder;
    private @Nullable IOException problem;

    private Report() {}

    /** Of a child that reported nothing. */
    static final Report NONE = new Report();

    /** Reads the files of a child's report. Any may be missing. */
    static Report read(Path... files) {
        Report report = new Report();
        for (Path file : files) report.add(file);
        return report;
    }

    private void add(Path file) {
        try (WireInput in = new WireInput(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            while (in.available() > 0) addEntry(in);
        } catch (NoSuchFileException | EOFException e) {
            // nothing more was reported: the child died while it wrote, or before
        } catch (IOException e) {
            problem = e;
        } catch (OutOfMemoryError e) {
            problem = new IOException("it is too large for this JVM's memory", e);
        }
    }

    private void addEntry(WireInput in) throws IOException {
        byte kind = in.readByte();
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw new EOFException("cut off");
        byte[] content = in.readNBytes(length);
        if (in.readByte() != (byte) ~kind) throw new EOFException("cut off");
        if (kind == ReportWriter.RESULT) result = content;
        if (kind == ReportWriter.FAILURE) failure = content;
        if (kind == ReportWriter.EXIT) exitedInOrder = true;
    }

    /** The bytes of the result, or null. */
    byte @Nullable [] result() {
        return result;
    }

    /** The bytes of the failure, or null. */
    byte @Nullable [] failure() {
        return failure;
    }

    /** Whether the JVM began to end in order rather than by a signal. */
    boolean exitedInOrder() {
        return exitedInOrder;
    }

    /** Why the report could not be read, or null. */
    @Nullable IOException problem() {
        return problem;
    }
}
