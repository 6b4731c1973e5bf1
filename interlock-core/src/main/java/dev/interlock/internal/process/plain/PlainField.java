package dev.interlock.internal.process.plain;

import java.io.ObjectStreamField;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** A field of a plain class. */
final class PlainField {
    final Field field; // accessible, but for the field of a box
    final char code; // the first letter of its type's descriptor
    final byte[] head; // of its description: the code and the name
    final @Nullable String signature; // the type's descriptor if it is no primitive, as one object
    final Class<?> type;
    final int index; // among the components of a record

    PlainField(ObjectStreamField described, byte[] head, Field field, int index) {
        this.field = field;
        this.code = described.getTypeCode();
        this.head = head;
        this.signature = described.getTypeString();
        this.type = field.getType();
        this.index = index;
    }
}
