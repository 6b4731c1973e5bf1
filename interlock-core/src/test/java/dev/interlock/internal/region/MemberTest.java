package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberTest {
    private static final int THREADS = 8;
    private static final int TIMES = 500;

    @TempDir Path directory;

    @Test
    void theDead_areDeadToAllThreadsThatAskAtOnce() throws Exception {
        Path unlocked = Files.createFile(directory.resolve("alive"));
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                answers.add(
                        threads.submit(() -> {
                            start.await();
                            int dead = 0;
                            for (int k = 0; k < TIMES; k++) if (Member.isUnlocked(unlocked)) dead++;
                            return dead;
                        }));
            }
            start.countDown();
            for (Future<Integer> answer : answers) assertThat(answer.get()).isEqualTo(TIMES);
        }
    }
}
