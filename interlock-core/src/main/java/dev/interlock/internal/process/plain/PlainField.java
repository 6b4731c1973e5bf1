package dev.interlock.internal.process.plain;

import java.io.ObjectStreamField;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** A field of a plain class. */
final class PlainField {
    final Field field; // accessible, but for the field of a box
    final char code; // the first letter of its type's descriptor
    final byte[] head; // of its description: the code and the name
    final @Nullable Signature signature; // null if it is primitive
    final Class<?> type;
    final int index; // among the components of a record

    /** A type's descriptor. */
    static final class Signature {
        final String text; // one object for all fields of the type, as streams number it
        final byte[] bytes; // the same in a stream

        Signature(String text, byte[] bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }

    PlainField(
            ObjectStreamField described,
            byte[] head,
            @Nullable Signature signature,
            Field field,
            int index) {
        this.field = field;
        this.code = described.getTypeCode();
        this.head = head;
        this.signature = signature;
        this.type = field.getType();
        this.index = index;
    }

    /** Whether its values are primitive or strings. */
    boolean isSimple() {
        return signature == null || type == String.class;
    }
}
