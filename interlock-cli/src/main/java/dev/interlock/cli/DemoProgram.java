package dev.interlock.cli;

import dev.interlock.examples.AddToSharedValue;
import dev.interlock.examples.AddUnderLock;
import dev.interlock.examples.AddWithLockAndUnlock;
import dev.interlock.examples.AddWithoutLock;
import dev.interlock.examples.FailUnderLock;
import dev.interlock.examples.NegateArray;
import dev.interlock.examples.WriteAndReadFile;
import java.util.List;
import java.util.Locale;

/** The small programs that {@code interlock demo} runs, in this order. */
enum DemoProgram {
    ADD("Two processes, no lock: their steps mix.", AddWithoutLock::main),
    ADD_LOCKED(
            "Two processes, one lock: one prints all its lines before the other begins.",
            AddUnderLock::main,
            AddWithLockAndUnlock::main,
            FailUnderLock::main),
    ARRAY("A child negates a shared array.", NegateArray::main),
    VALUE("Two processes add to one shared number: 16, always.", AddToSharedValue::main),
    FILE("One process writes a file, another reads it, under one lock.", WriteAndReadFile::main);

    final String description;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so
    private final List<Example> examples;

    DemoProgram(String description, Example... examples) {
        this.description = description;
        this.examples = List.of(examples);
    }

    /** The name on the command line. */
    String command() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void run() throws Exception {
        for (var example : examples) {
            example.main();
        }
    }

    /** The {@code main} of an example. */
    private interface Example {
        void main(String... args) throws Exception;
    }
}
