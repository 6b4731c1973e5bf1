package dev.interlock.internal.process.plain;

import java.util.List;
import java.util.Map;
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
    private final boolean isSimpleRecord;
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
        this.isSimpleRecord = kind == Kind.RECORD && fields.stream().allMatch(PlainField::isSimple);
    }

    /** The class, if it is plain. */
    static @Nullable PlainClass of(Class<?> type) {
        if (type.getClassLoader() == null) return OfTheJdk.PLAIN.get(type);
        return ALL.get(type).plain;
    }

    /** The class that a stream names of the object, if it is plain. */
    static @Nullable PlainClass of(Object object) {
        return of(object instanceof Enum<?> e ? e.getDeclaringClass() : object.getClass());
    }

    /* Those of the boot loader would keep us for ever. The others of it are not accessible. */
    private static final class OfTheJdk {
        static final Map<Class<?>, PlainClass> PLAIN = PlainClasses.ofTheJdk();
    }

    /** How each stream begins that has an object of the class. */
    StreamStart start() throws NotPlainException {
        StreamStart made = start;
        if (made == null) start = made = StreamWriter.start(this);
        return made;
    }

    Maker maker() throws NotPlainException {
        if (maker == null) throw new NotPlainException();
        return maker;
    }

    /**
     * Whether it is a record of nothing but primitives and strings. So its stream describes no other class, and is read to the end
     * before any code of the class runs.
     */
    boolean isSimpleRecord() {
        return isSimpleRecord;
    }
}
