package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.InterlockException;
import dev.interlock.RegionOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinLockTest {
    @TempDir Path directory;

    /* Its own file may be removed at any moment; those that are worked on under the lock are not. */
    @Test
    void workThatFindsNoFile_isNotRepeated() {
        AtomicInteger times = new AtomicInteger();
        var work =
                new JoinLock<@Nullable Void>(
                        directory.resolve("r"), RegionOptions.defaults().permissions()) {
                    @Override
                    @Nullable Void work() throws IOException {
                        times.incrementAndGet();
                        throw new FileNotFoundException("too many open files");
                    }
                };
        assertThatThrownBy(work::call)
                .isInstanceOf(InterlockException.class)
                .hasMessageContaining("too many open files");
        assertThat(times).hasValue(1);
    }
}
