package dev.interlock.internal.process.plain;

import dev.interlock.internal.process.plain.PlainField.Signature;
import java.io.ObjectStreamConstants;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes an object of a plain class as {@link java.io.ObjectOutputStream} does, byte for byte. */
final class StreamWriter {
    private static final int MOST_DEPTH = 32;
    private static final int USUAL_START = 256;
    private static final int USUAL_VALUES = 64;
    private static final int LARGEST = 9; // a primitive, and what comes before it
    private static final int MOST_TEXT = 0xFFFF; // bytes; longer ones are written in another form

    private byte[] bytes;
    private ByteBuffer out; // these bytes
    private final Handles handles;
    private int depth;

    private StreamWriter(int room, Handles handles) {
        this.bytes = new byte[room];
        this.out = ByteBuffer.wrap(bytes);
        this.handles = handles;
    }

    /** The object's stream, after a first byte. */
    static byte[] toBytes(byte first, Object object, PlainClass plain) throws NotPlainException {
        StreamStart start = plain.start();
        int room = 1 + start.length() + USUAL_VALUES;
        StreamWriter writer = new StreamWriter(room, start.handles());
        writer.out.put(first).put(start.bytes);
        writer.writeValues(object, plain);
        return writer.toArray();
    }

    private byte[] toArray() {
        return Arrays.copyOf(bytes, out.position());
    }

    /** What is the same in the streams of all objects of the class. */
    static StreamStart start(PlainClass plain) throws NotPlainException {
        StreamWriter writer = new StreamWriter(USUAL_START, new Handles(new Object[0]));
        writer.out.putShort(ObjectStreamConstants.STREAM_MAGIC);
        writer.out.putShort(ObjectStreamConstants.STREAM_VERSION);
        writer.writeHead(plain);
        return new StreamStart(writer.toArray(), writer.handles.toArray());
    }

    /** What an object's values come after. */
    private void writeHead(PlainClass plain) throws NotPlainException {
        boolean isEnum = plain.kind == PlainClass.Kind.ENUM;
        put(isEnum ? ObjectStreamConstants.TC_ENUM : ObjectStreamConstants.TC_OBJECT);
        writeDescription(plain);
    }

    private void writeDescription(PlainClass plain) throws NotPlainException {
        if (referred(plain)) return;
        put(ObjectStreamConstants.TC_CLASSDESC);
        handles.add(plain);
        put(plain.head);
        for (PlainField field : plain.fields) {
            put(field.head);
            if (field.signature != null) writeSignature(field.signature);
        }
        put(ObjectStreamConstants.TC_ENDBLOCKDATA);
        if (plain.parent == null) put(ObjectStreamConstants.TC_NULL);
        else writeDescription(plain.parent);
    }

    private void writeSignature(Signature signature) throws NotPlainException {
        if (referred(signature.text)) return;
        handles.add(signature.text);
        put(signature.bytes);
    }

    private void writeValues(Object object, PlainClass plain) throws NotPlainException {
        if (++depth > MOST_DEPTH) throw new NotPlainException();
        handles.add(object);
        switch (plain.kind) {
            case ENUM -> writeNewText(((Enum<?>) object).name());
            case BOX -> writeBoxed(object);
            default -> writeFields(object, plain);
        }
        depth--;
    }

    private void writeFields(Object object, PlainClass plain) throws NotPlainException {
        if (plain.parent != null) writeFields(object, plain.parent);
        try {
            for (PlainField field : plain.fields) writeField(object, field);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // they were made accessible
        }
    }

    private void writeField(Object of, PlainField field)
            throws NotPlainException, IllegalAccessException {
        room(LARGEST);
        switch (field.code) {
            case 'B' -> out.put(field.field.getByte(of));
            case 'C' -> out.putChar(field.field.getChar(of));
            case 'D' -> out.putDouble(field.field.getDouble(of));
            case 'F' -> out.putFloat(field.field.getFloat(of));
            case 'I' -> out.putInt(field.field.getInt(of));
            case 'J' -> out.putLong(field.field.getLong(of));
            case 'S' -> out.putShort(field.field.getShort(of));
            case 'Z' -> out.put((byte) (field.field.getBoolean(of) ? 1 : 0));
            default -> writeObject(field.field.get(of), field.type);
        }
    }

    private void writeBoxed(Object box) {
        room(LARGEST);
        switch (box) {
            case Byte b -> out.put(b);
            case Character c -> out.putChar(c);
            case Double d -> out.putDouble(d);
            case Float f -> out.putFloat(f);
            case Integer i -> out.putInt(i);
            case Long j -> out.putLong(j);
            case Short s -> out.putShort(s);
            case Boolean z -> out.put((byte) (z ? 1 : 0));
            default -> throw new IllegalStateException(box.getClass().getName());
        }
    }

    private void writeObject(@Nullable Object object, Class<?> declared) throws NotPlainException {
        if (object == null) put(ObjectStreamConstants.TC_NULL);
        else if (object instanceof String text) writeText(text);
        else if (!referred(object)) writeNew(object, declared);
    }

    private void writeNew(Object object, Class<?> declared) throws NotPlainException {
        PlainClass plain = PlainClass.of(object);
        if (plain == null || plain.type != declared) throw new NotPlainException();
        writeHead(plain);
        writeValues(object, plain);
    }

    /** Whether it is in the stream; then the stream now refers to it. */
    private boolean referred(Object object) {
        int handle = handles.find(object);
        if (handle < 0) return false;
        room(LARGEST);
        out.put(ObjectStreamConstants.TC_REFERENCE);
        out.putInt(ObjectStreamConstants.baseWireHandle + handle);
        return true;
    }

    private void writeText(String text) throws NotPlainException {
        if (!referred(text)) writeNewText(text);
    }

    private void writeNewText(String text) throws NotPlainException {
        if (text.length() > MOST_TEXT) throw new NotPlainException();
        handles.add(text);
        put(ObjectStreamConstants.TC_STRING);
        room(2 + 3 * text.length());
        int at = out.position();
        out.putShort((short) 0);
        for (int i = 0; i < text.length(); i++) putChar(text.charAt(i));
        int length = out.position() - at - 2;
        if (length > MOST_TEXT) throw new NotPlainException();
        out.putShort(at, (short) length);
    }

    /* UTF-8, but each half of a surrogate pair by itself, and the character 0 in two bytes. */
    private void putChar(char c) {
        if (c < 0x80 && c != 0) {
            out.put((byte) c);
        } else if (c < 0x800) {
            out.put((byte) (0xC0 | (c >> 6)));
            out.put((byte) (0x80 | (c & 0x3F)));
        } else {
            out.put((byte) (0xE0 | (c >> 12)));
            out.put((byte) (0x80 | ((c >> 6) & 0x3F)));
            out.put((byte) (0x80 | (c & 0x3F)));
        }
    }

    private void put(byte code) {
        room(1);
        out.put(code);
    }

    private void put(byte[] piece) {
        room(piece.length);
        out.put(piece);
    }

    private void room(int more) {
        if (out.remaining() >= more) return;
        bytes = Arrays.copyOf(bytes, 2 * out.position() + more);
        out = ByteBuffer.wrap(bytes).position(out.position());
    }
}
