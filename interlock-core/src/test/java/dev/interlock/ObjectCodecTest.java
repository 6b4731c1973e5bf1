package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first messages are written and read in another way than those that follow: each of these looks at several. */
@Timeout(60)
class ObjectCodecTest {
    private static final int SEVERAL = 40; // more than ObjectBytes leaves to Java serialization

    private record Trade(long number, @Nullable String symbol, double price)
            implements Serializable {}

    private record Basket(List<Trade> trades) implements Serializable {}

    private static final class Note implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String text;

        Note(String text) {
            this.text = text;
        }
    }

    private static final Codec<Object> CODEC = Codec.objects();

    private static byte[] bytes(Object object) {
        return ((ArrayCodec<Object>) CODEC).toBytes(object);
    }

    private static Object read(Codec<Object> codec, byte[] bytes) {
        return codec.read(MemorySegment.ofArray(bytes).asReadOnly());
    }

    @Test
    void objects_comeBack() {
        Trade trade = new Trade(1, "X", 2.5);
        for (Object object :
                List.of(
                        trade,
                        new Basket(List.of(trade, trade)),
                        Map.of("a", trade),
                        "text",
                        1,
                        2L))
            for (int i = 0; i < SEVERAL; i++)
                assertThat(read(CODEC, bytes(object))).isEqualTo(object);
        for (int i = 0; i < SEVERAL; i++)
            assertThat(((Note) read(CODEC, bytes(new Note("text")))).text).isEqualTo("text");
    }

    @Test
    void filters_letPassAndRefuse_eachTime() throws Exception {
        String name = Trade.class.getName();
        Codec<Object> open = sent(Codec.objects(name + ";!*"));
        Codec<Object> shut = sent(Codec.objects("!" + name));
        Codec<Object> small = sent(Codec.objects("maxbytes=20"));
        byte[] bytes = bytes(new Trade(1, "X", 2.5));
        for (int i = 0; i < SEVERAL; i++) {
            assertThat(read(open, bytes)).isEqualTo(new Trade(1, "X", 2.5));
            assertThat(read(CODEC, bytes)).isEqualTo(new Trade(1, "X", 2.5));
            for (Codec<Object> refusing : List.of(shut, small))
                assertThatThrownBy(() -> read(refusing, bytes))
                        .hasCauseInstanceOf(InvalidClassException.class)
                        .hasMessageContaining("REJECTED");
        }
    }

    /* As queues are sent. */
    @SuppressWarnings("unchecked")
    private static Codec<Object> sent(Codec<Object> codec) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(codec);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Codec<Object>) in.readObject();
        }
    }

    /** A program that reads a message several times and prints what happens. */
    static final class Program {
        public static void main(String[] arguments) {
            if (arguments[0].equals("late")) read();
            if (!arguments[0].equals("never")) setFilters(arguments[0]);
            read();
            System.out.println("end");
        }

        private static void setFilters(String which) {
            if (which.equals("factory"))
                java.io.ObjectInputFilter.Config.setSerialFilterFactory(
                        (_, _) -> _ -> java.io.ObjectInputFilter.Status.REJECTED);
            else
                java.io.ObjectInputFilter.Config.setSerialFilter(info ->
                        info.serialClass() == Trade.class
                                ? java.io.ObjectInputFilter.Status.REJECTED
                                : java.io.ObjectInputFilter.Status.UNDECIDED);
        }

        private static void read() {
            for (int i = 0; i < SEVERAL; i++) {
                try {
                    ObjectCodecTest.read(CODEC, bytes(new Trade(1, "X", 2.5)));
                    System.out.println("read");
                } catch (IllegalArgumentException e) {
                    System.out.println(e.toString().contains("REJECTED") ? "refused" : e);
                }
            }
        }
    }

    @Test
    void filtersOfTheProgram_areAsked() throws Exception {
        assertThat(output("never")).isEqualTo(lines("read"));
        assertThat(output("late")).isEqualTo(lines("read", "refused"));
        assertThat(output("early")).isEqualTo(lines("refused"));
        assertThat(output("factory")).isEqualTo(lines("refused"));
    }

    private static List<String> lines(String... each) {
        List<String> lines = new ArrayList<>();
        for (String line : each) lines.addAll(Collections.nCopies(SEVERAL, line));
        lines.add("end");
        return lines;
    }

    private static List<String> output(String when) throws Exception {
        try (JavaProgram program = JavaProgram.run(Program.class, when)) {
            return program.readAll();
        }
    }
}
