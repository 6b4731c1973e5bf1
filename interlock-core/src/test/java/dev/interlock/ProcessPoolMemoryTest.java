package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that is too small for what its pool's workers report. */
@Timeout(120)
class ProcessPoolMemoryTest {
    private static final int TOO_MUCH = 70 << 20;

    /** Asks for a result that its heap has no room for, and for another, and ends its pool. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            ProcessPool pool = ProcessPool.builder().workers(1).jvmOptions("-Xmx1g").start();
            PoolFuture<byte[]> large = pool.submit(() -> new byte[TOO_MUCH]);
            PoolFuture<Integer> small = pool.submit(() -> 1);
            try {
                System.out.println(large.get(30, TimeUnit.SECONDS).length);
            } catch (ExecutionException e) {
                System.out.println(e.getCause() instanceof OutOfMemoryError);
            }
            System.out.println(small.get(30, TimeUnit.SECONDS));
            System.out.println(pool.submit(() -> 2).get(30, TimeUnit.SECONDS));
            System.out.println(pool.statistics().failed());
            pool.shutdown();
            System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
        }
    }

    /** The worker's initializer fails with more than this JVM has room for. */
    static final class LargeInitializer {
        public static void main(String[] arguments) throws Exception {
            ProcessPool pool =
                    ProcessPool.builder()
                            .workers(1)
                            .jvmOptions("-Xmx1g")
                            .initializer(() -> {
                                throw new LargeException();
                            })
                            .start();
            try {
                System.out.println(pool.submit(() -> 1).get(60, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                System.out.println(e.getCause() instanceof ProcessStartException);
            }
            System.out.println(pool.awaitTermination(30, TimeUnit.SECONDS));
        }
    }

    static final class LargeException extends Exception {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused") // it is sent along
        private final byte[] much = new byte[TOO_MUCH];
    }

    @Test
    void aResultThatThereIsNoRoomFor_failsItsTask_andThePoolGoesOn() throws Exception {
        try (JavaProgram program = start(Program.class)) {
            assertThat(program.readAll()).containsExactly("true", "1", "2", "1", "true");
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void anInitializersFailureThatThereIsNoRoomFor_stopsThePoolAsOthersDo() throws Exception {
        try (JavaProgram program = start(LargeInitializer.class)) {
            assertThat(program.readAll()).containsExactly("true", "true");
            assertThat(program.exitCode()).isZero();
        }
    }

    private static JavaProgram start(Class<?> main) throws Exception {
        return JavaProgram.launch(
                Path.of("").toAbsolutePath(),
                "--enable-native-access=ALL-UNNAMED", // so that nothing else is printed
                "-Xmx60m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }
}
