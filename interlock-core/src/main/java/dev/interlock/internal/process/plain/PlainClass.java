package dev.interlock.internal.process.plain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class whose objects are nothing but the values of their fields: what a stream of Java serialization has of it, and how objects are made. */
final class PlainClass {
    /*
     * Fields may be primitive, or be null, a string, or an object of exactly the declared class, plain too. Whether an object's are is
     * seen when it is written or read, so classes may refer to each other in circles.
     *
     * Unloading  Classes keep their PlainClass, through a ClassValue. Nothing else keeps one but weakly.
     */
    private static final ClassValue<Result> ALL =
            new ClassValue<>() {
                @Override
                protected Result computeValue(Class<?> type) {
                    return new Result(PlainClasses.examine(type));
                }
            };

    /** What was found out about a class: null if it is not plain. */
    private record Result(@Nullable PlainClass plain) {}

    /** What objects of a class are. */
    enum Kind {
        RECORD,
        OBJECT,
        BOX,
        ENUM,
        EXTENDED // there are none, only of classes that extend it
    }

    final Class<?> type;
    final Kind kind;
    final @Nullable PlainClass parent; // whose fields come first
    final List<PlainField> fields; // in the stream's order
    final byte[] head; // of its description, up to the fields
    private final @Nullable Maker maker;
    private @Nullable StreamStart start; // made when first needed; twice does no harm

    PlainClass(
            Class<?> type,
            Kind kind,
            @Nullable PlainClass parent,
            List<PlainField> fields,
            byte[] head,
            @Nullable Maker maker) {
        this.type = type;
        this.kind = kind;
        this.parent = parent;
        this.fields = fields;
        this.head = head;
        this.maker = maker;
    }

    /** The class, if it is plain. */
    static @Nullable PlainClass of(Class<?> type) {
        return ALL.get(type).plain;
    }

    /** How each stream begins that has an object of the class. */
    StreamStart start() throws NotPlainException {
        StreamStart made = start;
        if (made == null) start = made = StreamWriter.start(this);
        return made;
    }

    Maker maker() throws NotPlainException {
        if (maker == null) throw NotPlainException.INSTANCE;
        return maker;
    }

    /** Whether a stream with an object of the class describes no other class: it extends none, and has no fields but primitives and strings. */
    boolean isAlone() {
        return parent == null
                && fields.stream().allMatch(f -> f.signature == null || f.type == String.class);
    }
}
