package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Task;
import dev.interlock.TaskFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tasks and functions as they arrive, the first of their kind and those after it, of which something is known. */
public class CalleeTest {
    private static final int TIMES = 3;

    @Test
    void lambdaWithoutCaptures_isWrittenTheSameEachTime() throws Throwable {
        List<byte[]> written = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            Task<String> task = () -> "a";
            byte[] bytes = CalleeWriter.toBytes(task, 0);
            assertThat(called(bytes)).isEqualTo("a");
            written.add(bytes);
        }
        assertThat(written).containsOnly(written.getFirst());
    }

    @Test
    void lambdasOfOnePlace_keepWhatEachCaptured() throws Throwable {
        for (int i = 0; i < TIMES; i++) {
            int captured = i;
            Task<Integer> task = () -> captured;
            assertThat(sent(task)).isEqualTo(i);
        }
    }

    @Test
    void lambdasOfTwoPlaces_areNotTakenForEachOther() throws Throwable {
        for (int i = 0; i < TIMES; i++) {
            Task<String> one = () -> "one";
            Task<String> other = () -> "other";
            assertThat(sent(one)).isEqualTo("one");
            assertThat(sent(other)).isEqualTo("other");
        }
    }

    @Test
    void methodReferencesWithAReceiver_areCalledOnEachOne() throws Throwable {
        for (String receiver : List.of("a", "bc", "def")) {
            Task<Integer> task = receiver::length;
            assertThat(sent(task)).isEqualTo(receiver.length());
        }
    }

    @Test
    void methodsOfOneName_areNotTakenForEachOther() throws Throwable {
        TaskFunction<String, String> ofText = CalleeTest::overloaded;
        TaskFunction<Integer, String> ofNumber = CalleeTest::overloaded;
        for (int i = 0; i < TIMES; i++) {
            assertThat(sent(ofText, "a")).isEqualTo("text a");
            assertThat(sent(ofNumber, 1)).isEqualTo("number 1");
        }
    }

    @Test
    void objectThatSendsALambdaInItsPlace_isAskedForItEachTime() throws Throwable {
        for (int i = 0; i < TIMES; i++) {
            assertThat(sent(new Deputized(true))).isEqualTo("yes");
            assertThat(sent(new Deputized(false))).isEqualTo("no");
        }
    }

    private record Deputized(boolean answer) implements Task<String> {
        @Override
        public String call() {
            return "not sent";
        }

        private Object writeReplace() {
            Task<String> yes = () -> "yes";
            Task<String> no = () -> "no";
            return answer ? yes : no;
        }
    }

    public static String overloaded(String text) {
        return "text " + text;
    }

    public static String overloaded(Integer number) {
        return "number " + number;
    }

    private static @Nullable Object sent(Object callee, @Nullable Object... arguments)
            throws Throwable {
        return called(CalleeWriter.toBytes(callee, arguments.length), arguments);
    }

    private static @Nullable Object called(byte[] bytes, @Nullable Object... arguments)
            throws Throwable {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        return Callee.fromBytes(bytes, 0, bytes.length, loader).call(arguments);
    }
}
