package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void plainValues_comeBackAsTheyWere() throws Exception {
        @Nullable Object[] values = {
            null,
            true,
            (byte) -1,
            (short) 2,
            'x',
            3,
            4L,
            5f,
            -0.0,
            Double.NaN,
            "",
            "häß\0lich",
            "\ud83d\ude00"
        };
        assertThat(roundTrip(values)).containsExactly(values);
    }

    @Test
    void plainValues_needNoObjectStream() throws Exception {
        assertThat(bytes(1, "a").length).isLessThan(20);
    }

    @Test
    void textWithoutPartner_isNotChangedIntoAQuestionMark() throws Exception {
        assertThat(roundTrip("\ud83d")).containsExactly("\ud83d");
        assertThat(roundTrip("\ude00\ud83d")).containsExactly("\ude00\ud83d");
    }

    @Test
    void objectsThatSeveralValuesShare_areStillOneObject() throws Exception {
        List<Object> shared = new ArrayList<>();
        @Nullable Object[] back =
                roundTrip(1, List.of(shared), "x", new ArrayList<>(List.of(shared)));
        List<?> one = (List<?>) Objects.requireNonNull(back[1]);
        List<?> other = (List<?>) Objects.requireNonNull(back[3]);
        assertThat(one.getFirst()).isSameAs(other.getFirst());
        assertThat(back[0]).isEqualTo(1);
        assertThat(back[2]).isEqualTo("x");
    }

    @Test
    void arrays_comeBackAsTheyWere() throws Exception {
        assertThat(roundTrip(new long[] {1, 2}, new String[][] {{"a"}, {}}))
                .containsExactly(new long[] {1, 2}, new String[][] {{"a"}, {}});
    }

    private static byte[] bytes(@Nullable Object... values) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Values.write(new DataOutputStream(bytes), values);
        return bytes.toByteArray();
    }

    private static @Nullable Object[] roundTrip(@Nullable Object... values) throws Exception {
        return Values.read(
                new WireInput(new ByteArrayInputStream(bytes(values))),
                ValuesTest.class.getClassLoader());
    }
}
