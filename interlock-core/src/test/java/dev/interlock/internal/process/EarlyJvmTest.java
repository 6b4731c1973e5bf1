package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ChildProcess;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that starts before its task is known becomes one child, or ends. */
@Timeout(60)
class EarlyJvmTest {
    @Test
    void itBecomesTheChild() throws Exception {
        EarlyJvm early = EarlyJvm.start();
        ChildProcess<String> child =
                Launch.of(() -> ChildProcess.current().name()).name("early").in(early).start();
        assertThat(child.get()).isEqualTo("early");
        child.join();
        assertThat(early.take()).as("taken").isNull();
        early.giveUp(); // does nothing now
    }

    @Test
    void aChildWithOptionsOfItsOwn_hasItsOwn() throws Exception {
        EarlyJvm early = EarlyJvm.start();
        ChildProcess<String> child =
                Launch.of(() -> System.getProperty("own", "no"))
                        .jvmOptions("-Down=yes")
                        .in(early)
                        .start();
        assertThat(child.get()).isEqualTo("yes");
        child.join();
        Spare spare = Objects.requireNonNull(early.take());
        assertThat(spare.isAlive()).isTrue();
        end(spare);
    }

    @Test
    void givenUp_itEnds() throws Exception {
        EarlyJvm early = EarlyJvm.start();
        early.giveUp();
        assertThat(early.take()).isNull();
        while (ProcessHandle.current().children().findAny().isPresent())
            TimeUnit.MILLISECONDS.sleep(5);
    }

    private static void end(Spare spare) throws Exception {
        spare.end();
        assertThat(spare.process().waitFor()).isNotZero();
    }
}
