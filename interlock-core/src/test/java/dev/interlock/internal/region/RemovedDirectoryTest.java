package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.interlock.Region;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who leaves the user's directory empty removes it, at any moment of another who makes a region there. */
@Timeout(60)
class RemovedDirectoryTest {
    private static final int REGIONS = 500;

    @Test
    void aDirectoryThatIsRemovedMeanwhile_isMadeAgain() throws Exception {
        var isOver = new AtomicBoolean();
        Thread remover =
                new Thread(() -> {
                    while (!isOver.get()) Directory.removeIfEmpty(Directory.ofUser());
                });
        remover.start();
        try {
            for (int i = 0; i < REGIONS; i++)
                assertThatCode(() -> Region.temporary().close()).doesNotThrowAnyException();
        } finally {
            isOver.set(true);
            remover.join();
        }
    }
}
