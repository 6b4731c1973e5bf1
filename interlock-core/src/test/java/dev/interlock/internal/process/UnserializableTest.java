package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Action;
import dev.interlock.Task;
import dev.interlock.TaskNotSerializableException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // that is what it tests
class UnserializableTest {
    record Order(String id, List<Item> items) implements Serializable {}

    record Item(Object owner) implements Serializable {}

    static class Node implements Serializable {
        @Nullable Node next;
    }

    static class Own implements Task<String> {
        final Map<String, Object> parts = Map.of("engine", new Thread());

        @Override
        public String call() {
            return "";
        }
    }

    @Test
    void aCapturedArgument_isNamedByItsPlaceAndClass() {
        String fine = "fine";
        Thread thread = new Thread();
        failureOf(() -> System.out.println(fine + thread))
                .hasMessageContaining(
                        "captured argument 2 (java.lang.Thread) of the lambda in "
                                + UnserializableTest.class.getName()
                                + ".aCapturedArgument_isNamedByItsPlaceAndClass is not serializable");
    }

    @Test
    void aFieldInside_isNamedByItsPath() {
        Order order = new Order("1", List.of(new Item("x"), new Item(new Thread())));
        failureOf(() -> System.out.println(order))
                .hasMessageContaining(
                        "captured argument 1 ("
                                + Order.class.getName()
                                + ").items[1].owner of the lambda")
                .hasMessageContaining("holds a java.lang.Thread, which is not serializable");
    }

    @Test
    void thisOfTheEnclosingObject_isNamed() {
        failureOf(() -> System.out.println(hashCode()))
                .hasMessageContaining(
                        "captured 'this' ("
                                + UnserializableTest.class.getName()
                                + ") of the lambda");
    }

    @Test
    void theReceiverOfAMethodReference_isNamed() {
        Thread thread = new Thread();
        failureOf(thread::interrupt)
                .hasMessageContaining(
                        "receiver (java.lang.Thread) of the method reference java.lang.Thread::interrupt is not");
    }

    @Test
    void aTaskObject_isLookedInto() {
        assertThatThrownBy(() -> TaskWriter.toBytes(new Own(), true))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining(
                        "task " + Own.class.getName() + ".parts[engine] holds a java.lang.Thread");
    }

    @Test
    void tooDeepObjects_areSaidToBeThat() {
        Node first = new Node();
        Node last = first;
        for (int i = 0; i < 1_000_000; i++) {
            last.next = new Node();
            last = last.next;
        }
        failureOf(() -> System.out.println(first)).hasMessageContaining("nested too deeply");
    }

    private static AbstractThrowableAssert<?, ?> failureOf(Action action) {
        return assertThatThrownBy(() -> TaskWriter.toBytes(action, false))
                .isInstanceOf(TaskNotSerializableException.class);
    }
}
