package dev.interlock.internal.process.plain;

import dev.interlock.internal.process.plain.PlainClass.Kind;
import dev.interlock.internal.process.plain.PlainField.Signature;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectStreamConstants;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link StreamWriter} and {@link java.io.ObjectOutputStream} write of objects of a plain class. Anything that is not exactly as
 * they would write it with the classes as they are here ends in a {@link NotPlainException}: it is for {@link java.io.ObjectInputStream} to
 * make an object of it, or to say what is wrong.
 */
final class StreamReader {
    private static final int MOST_DEPTH = 32;
    private static final Object UNFINISHED =
            new Object(); // has a number, and cannot be referred to

    private final byte[] bytes;
    private final ByteBuffer in;
    private final Handles handles;
    private final @Nullable FilterCheck check; // for the first class, which then is a simple record
    private int depth;

    private StreamReader(byte[] bytes, int at, Handles handles, @Nullable FilterCheck check) {
        this.bytes = bytes;
        this.in = ByteBuffer.wrap(bytes).position(at);
        this.handles = handles;
        this.check = check;
    }

    /** The object whose stream begins there, as that of its class does. */
    static Object read(byte[] bytes, int from, PlainClass plain)
            throws NotPlainException, IOException {
        return read(bytes, from, plain, null);
    }

    /** The same, if a filter lets the class pass. It must be a simple record. */
    static Object readChecked(byte[] bytes, int from, PlainClass plain, FilterCheck check)
            throws NotPlainException, IOException {
        return read(bytes, from, plain, check);
    }

    private static Object read(
            byte[] bytes, int from, PlainClass plain, @Nullable FilterCheck check)
            throws NotPlainException, IOException {
        StreamStart start = plain.start();
        int values = from + start.length();
        try {
            return new StreamReader(bytes, values, start.handles(), check).newObject(plain);
        } catch (BufferUnderflowException | IndexOutOfBoundsException tooShort) {
            throw new NotPlainException();
        }
    }

    private Object newObject(PlainClass plain) throws NotPlainException, IOException {
        if (++depth > MOST_DEPTH) throw new NotPlainException();
        int handle = handles.add(UNFINISHED);
        Object object =
                switch (plain.kind) {
                    case RECORD -> newRecord(plain);
                    case ENUM -> constant(plain);
                    case BOX -> primitive(plain.fields.getFirst().code);
                    case OBJECT -> newObject(plain, handle);
                    case EXTENDED -> throw new NotPlainException();
                };
        handles.replace(handle, object);
        depth--;
        return object;
    }

    private Object newRecord(PlainClass plain) throws NotPlainException, IOException {
        @Nullable Object[] values = new @Nullable Object[plain.fields.size()];
        for (PlainField field : plain.fields) values[field.index] = value(field);
        if (check != null) check.require(plain);
        return plain.maker().record(values);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object constant(PlainClass plain) throws NotPlainException, IOException {
        expect(ObjectStreamConstants.TC_STRING);
        String name = newText();
        try {
            return Enum.valueOf((Class) plain.type, name);
        } catch (IllegalArgumentException unknown) {
            throw new NotPlainException();
        }
    }

    private Object newObject(PlainClass plain, int handle) throws NotPlainException, IOException {
        Object object = plain.maker().object();
        handles.replace(handle, object); // its fields may refer to it
        readFields(object, plain);
        return object;
    }

    private void readFields(Object object, PlainClass plain) throws NotPlainException, IOException {
        if (plain.parent != null) readFields(object, plain.parent);
        try {
            for (PlainField field : plain.fields) readField(object, field);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // they were made accessible
        }
    }

    private void readField(Object of, PlainField field)
            throws NotPlainException, IOException, IllegalAccessException {
        switch (field.code) {
            case 'B' -> field.field.setByte(of, in.get());
            case 'C' -> field.field.setChar(of, in.getChar());
            case 'D' -> field.field.setDouble(of, in.getDouble());
            case 'F' -> field.field.setFloat(of, in.getFloat());
            case 'I' -> field.field.setInt(of, in.getInt());
            case 'J' -> field.field.setLong(of, in.getLong());
            case 'S' -> field.field.setShort(of, in.getShort());
            case 'Z' -> field.field.setBoolean(of, in.get() != 0);
            default -> field.field.set(of, object(field));
        }
    }

    private @Nullable Object value(PlainField field) throws NotPlainException, IOException {
        return field.signature == null ? primitive(field.code) : object(field);
    }

    private Object primitive(char code) {
        return switch (code) {
            case 'B' -> in.get();
            case 'C' -> in.getChar();
            case 'D' -> in.getDouble();
            case 'F' -> in.getFloat();
            case 'I' -> in.getInt();
            case 'J' -> in.getLong();
            case 'S' -> in.getShort();
            case 'Z' -> in.get() != 0;
            default -> throw new IllegalStateException("There is no primitive type " + code + ".");
        };
    }

    private @Nullable Object object(PlainField field) throws NotPlainException, IOException {
        byte code = in.get(in.position());
        boolean isNew =
                code == ObjectStreamConstants.TC_OBJECT || code == ObjectStreamConstants.TC_ENUM;
        Object object = isNew ? newObject(field.type) : reference();
        if (object != null && !field.type.isInstance(object)) throw new NotPlainException();
        return object;
    }

    private Object newObject(Class<?> type) throws NotPlainException, IOException {
        PlainClass plain = PlainClass.of(type);
        if (plain == null) throw new NotPlainException();
        expect(
                plain.kind == Kind.ENUM
                        ? ObjectStreamConstants.TC_ENUM
                        : ObjectStreamConstants.TC_OBJECT);
        expectDescription(plain);
        return newObject(plain);
    }

    private void expectDescription(PlainClass plain) throws NotPlainException {
        if (isReferenceTo(plain)) return;
        expect(ObjectStreamConstants.TC_CLASSDESC);
        handles.add(plain);
        expect(plain.head);
        for (PlainField field : plain.fields) {
            expect(field.head);
            if (field.signature != null) expectSignature(field.signature);
        }
        expect(ObjectStreamConstants.TC_ENDBLOCKDATA);
        if (plain.parent == null) expect(ObjectStreamConstants.TC_NULL);
        else expectDescription(plain.parent);
    }

    private void expectSignature(Signature signature) throws NotPlainException {
        if (isReferenceTo(signature.text)) return;
        handles.add(signature.text);
        expect(signature.bytes);
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isReferenceTo(Object known) throws NotPlainException {
        if (in.get(in.position()) != ObjectStreamConstants.TC_REFERENCE) return false;
        in.get();
        if (handles.get(in.getInt()) != known) throw new NotPlainException();
        return true;
    }

    /** A string, null, or what was there before. */
    private @Nullable Object reference() throws NotPlainException, IOException {
        return switch (in.get()) {
            case ObjectStreamConstants.TC_NULL -> null;
            case ObjectStreamConstants.TC_STRING -> newText();
            case ObjectStreamConstants.TC_REFERENCE -> known(in.getInt());
            default -> throw new NotPlainException();
        };
    }

    @SuppressWarnings("ReferenceEquality")
    private Object known(int wire) throws NotPlainException {
        if (check != null) throw new NotPlainException(); // a filter is asked for references, too
        Object object = handles.get(wire);
        if (object == null || object == UNFINISHED || object instanceof PlainClass)
            throw new NotPlainException();
        return object;
    }

    private String newText() throws NotPlainException, IOException {
        int length = in.getShort() & 0xFFFF;
        int from = in.position();
        if (length > in.remaining()) throw new NotPlainException();
        in.position(from + length);
        String text =
                isAscii(from, from + length)
                        ? new String(bytes, from, length, StandardCharsets.ISO_8859_1)
                        : decoded(from - 2, length + 2);
        handles.add(text);
        return text;
    }

    private boolean isAscii(int from, int to) {
        for (int i = from; i < to; i++) if (bytes[i] < 0) return false;
        return true;
    }

    private String decoded(int from, int length) throws NotPlainException, IOException {
        try {
            return new DataInputStream(new ByteArrayInputStream(bytes, from, length)).readUTF();
        } catch (java.io.UTFDataFormatException damaged) {
            throw new NotPlainException();
        }
    }

    private void expect(byte code) throws NotPlainException {
        if (in.get() != code) throw new NotPlainException();
    }

    private void expect(byte[] piece) throws NotPlainException {
        int from = in.position();
        int to = from + piece.length;
        if (to > bytes.length || !Arrays.equals(bytes, from, to, piece, 0, piece.length))
            throw new NotPlainException();
        in.position(to);
    }
}
