package dev.interlock.internal.process.plain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import dev.interlock.internal.process.plain.Samples.Chain;
import dev.interlock.internal.process.plain.Samples.Node;
import dev.interlock.internal.process.plain.Samples.Order;
import dev.interlock.internal.process.plain.Samples.Side;
import dev.interlock.internal.process.plain.Samples.Strict;
import dev.interlock.internal.process.plain.Samples.Trade;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is what Java serialization writes, and what is read is what it reads. */
@Timeout(120)
class PlainObjectsTest {
    private static final byte FIRST = 42;
    private static final ClassLoader LOADER =
            Objects.requireNonNull(PlainObjectsTest.class.getClassLoader());

    static byte[] serialized(Object object) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(FIRST);
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    static Object deserialized(byte[] bytes, @Nullable ObjectInputFilter filter) throws Exception {
        var stream = new ByteArrayInputStream(bytes, 1, bytes.length - 1);
        try (var in = new ObjectInputStream(stream)) {
            in.setObjectInputFilter(filter);
            return in.readObject();
        }
    }

    static @Nullable Object read(byte[] bytes) throws IOException {
        return PlainObjects.fromBytes(bytes, 1, LOADER, null);
    }

    static byte[] known(Object object) throws IOException {
        byte[] bytes = serialized(object);
        PlainObjects.remember(bytes, 1, LOADER, object);
        return bytes;
    }

    static List<Object> plain() {
        return Samples.plain();
    }

    static List<Object> notPlain() {
        return Samples.notPlain();
    }

    @ParameterizedTest
    @MethodSource("plain")
    void plainObjects_areWrittenAsByJavaSerialization(Object object) throws Exception {
        assertThat(PlainObjects.toBytes(FIRST, object)).isEqualTo(serialized(object));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void plainObjects_areReadAsByJavaSerialization(Object object) throws Exception {
        byte[] bytes = known(object);
        Object expected = deserialized(bytes, null);

        Object read = read(bytes);

        assertThat(read).isNotNull().isEqualTo(expected).hasSameClassAs(expected);
        assertThat(read.toString()).isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @MethodSource("notPlain")
    void otherObjects_areLeftToJavaSerialization(Object object) throws Exception {
        assertThat(PlainObjects.toBytes(FIRST, object)).isNull();
        assertThat(read(known(object))).isNull();
    }

    @Test
    void classesThatNoneHasBeenReadOf_areLeftToJavaSerialization() throws Exception {
        record Unseen(int i) implements java.io.Serializable {}
        assertThat(read(serialized(new Unseen(1)))).isNull();
        assertThat(read(known(new Unseen(1)))).isEqualTo(new Unseen(1));
    }

    @SuppressWarnings("unchecked") // it is what was written
    private static <T> T again(T object) throws IOException {
        return (T) Objects.requireNonNull(read(known(object)));
    }

    @Test
    void sameObjects_areTheSameAgain() throws Exception {
        String text = new String("text");
        Trade trade = new Trade(1, text, 2, 3);
        Trade equal = new Trade(1, new String("text"), 2, 3);

        Order same = again(new Order(Side.BUY, Side.BUY, trade, trade, text));
        Order different = again(new Order(Side.BUY, Side.BUY, trade, equal, "no"));

        assertThat(same.first()).isSameAs(same.second());
        assertThat(same.note()).isSameAs(same.first().symbol());
        assertThat(different.first()).isNotSameAs(different.second());
        assertThat(different.first().symbol()).isNotSameAs(different.second().symbol());
    }

    @Test
    void circles_areClosedAgain() throws Exception {
        Node one = new Node(1);
        one.other = new Node(2);
        one.other.other = one;
        assertThat(PlainObjects.toBytes(FIRST, one)).isEqualTo(serialized(one));

        Node read = again(one);
        Node other = Objects.requireNonNull(read.other);

        assertThat(other.other).isSameAs(read);
        assertThat(other).isNotSameAs(read);
    }

    @Test
    void whatARecordsConstructorThrows_isPassedOnAsByJavaSerialization() throws Exception {
        Strict.isLax = true;
        byte[] bytes = known(new Strict(7, null));
        Strict.isLax = false;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessage("no text for 7")
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> deserialized(bytes, null))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessage("no text for 7")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void classesThatHaveChanged_areLeftToJavaSerialization() throws Exception {
        byte[] bytes = renamed(known(new Trade(5, "X", 1, 2)), "symbol", "ticker");
        assertThat(read(bytes)).isNull();
        assertThat(deserialized(bytes, null)).isEqualTo(new Trade(5, null, 1, 2));
    }

    @Test
    void classesOfFieldsThatHaveChanged_areLeftToJavaSerialization() throws Exception {
        Trade trade = new Trade(5, "X", 1, 2);
        byte[] bytes = known(new Order(Side.BUY, null, trade, trade, "note"));
        byte[] other = renamed(bytes, "symbol", "ticker");
        assertThat(read(bytes)).isNotNull();
        assertThat(read(other)).isNull();
        assertThat(((Order) deserialized(other, null)).first()).isEqualTo(new Trade(5, null, 1, 2));
    }

    /* As if the class had been other where it was written. */
    private static byte[] renamed(byte[] bytes, String from, String to) {
        return new String(bytes, ISO_8859_1).replace(from, to).getBytes(ISO_8859_1);
    }

    private record Asked(
            @Nullable Class<?> type, long arrayLength, long depth, long references, long bytes) {
        static Asked of(FilterInfo info) {
            return new Asked(
                    info.serialClass(),
                    info.arrayLength(),
                    info.depth(),
                    info.references(),
                    info.streamBytes());
        }
    }

    @ParameterizedTest
    @MethodSource("plain")
    void filters_areAskedAsByJavaSerialization(Object object) throws Exception {
        byte[] bytes = known(object);
        List<Asked> expected = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();

        Object theirs = deserialized(bytes, info -> noted(expected, info));
        Object ours = PlainObjects.fromBytes(bytes, 1, LOADER, info -> noted(asked, info));

        if (ours == null) {
            assertThat(asked).isEmpty(); // then Java serialization will ask
        } else {
            assertThat(ours).isEqualTo(theirs);
            assertThat(asked).isEqualTo(expected);
        }
    }

    private static Status noted(List<Asked> asked, FilterInfo info) {
        asked.add(Asked.of(info));
        return Status.UNDECIDED;
    }

    @Test
    void simpleRecords_areReadUnderAFilter() throws Exception {
        byte[] bytes = known(new Trade(1, "X", 2, 3));
        Object read = PlainObjects.fromBytes(bytes, 1, LOADER, _ -> Status.ALLOWED);
        assertThat(read).isEqualTo(new Trade(1, "X", 2, 3));
    }

    @Test
    void refusals_areThoseOfJavaSerialization() throws Exception {
        byte[] bytes = known(new Trade(1, "X", 2, 3));
        List<ObjectInputFilter> refusing =
                List.of(
                        _ -> Status.REJECTED,
                        _ -> null,
                        _ -> {
                            throw new IllegalStateException("no");
                        });
        for (ObjectInputFilter filter : refusing) {
            Throwable theirs = catchThrowable(() -> deserialized(bytes, filter));
            Throwable ours = catchThrowable(() -> PlainObjects.fromBytes(bytes, 1, LOADER, filter));
            assertThat(ours).hasSameClassAs(theirs).hasMessage(theirs.getMessage());
            assertThat(String.valueOf(ours.getCause())).isEqualTo("" + theirs.getCause());
        }
    }

    @Test
    void manyObjectsOfOneStream_areStillFound() throws Exception {
        Chain chain = Chain.of(31);
        assertThat(read(known(chain))).isEqualTo(chain);
        assertThat(PlainObjects.toBytes(FIRST, Chain.of(33))).isNull();
    }

    @Test
    void streamsThatEndTooEarly_areLeftToJavaSerialization() throws Exception {
        for (Object object : Samples.plain()) {
            byte[] bytes = known(object);
            if (bytes.length > 1000) continue;
            for (int length = 0; length < bytes.length; length++) {
                Object read = read(Arrays.copyOf(bytes, length));
                if (read != null) fail(length + " bytes of " + object + " are " + read);
            }
        }
    }
}
