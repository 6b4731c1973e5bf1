package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.PoolFuture;
import dev.interlock.ProcessPool;
import dev.interlock.ProcessStartException;
import dev.interlock.it.ChildJvm.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kernel gives a process no more threads, so no worker can be started: a pool says that and ends. */
class NoThreadsIT {
    private static final int NONE = 1; // more than it has
    private static final int MANY = 500;

    /* The limit does not bind root. */
    private static final List<String> AS_OTHER =
            List.of("setpriv", "--reuid=65533", "--regid=65533", "--clear-groups");

    /* What that user leaves in shared memory goes with the namespace. */
    private static final String SCRIPT =
            "mount -t tmpfs -o mode=1777 none /dev/shm && exec "
                    + String.join(" ", AS_OTHER)
                    + " \"$@\"";

    private static final Launch LAUNCH =
            Launch.PLAIN
                    .with("-Xlog:disable") // it would say what it has no threads for
                    .behind("unshare", "--mount", "sh", "-c", SCRIPT, "sh");

    @RegisterExtension final Stage stage = new Stage();

    @BeforeAll
    static void needsPermission() throws Exception {
        String classes =
                Path.of(
                                NoThreadsIT.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                        .toString();
        List<String> test = new ArrayList<>(LAUNCH.prefix());
        test.addAll(List.of("test", "-r", classes));
        assumeTrue(succeeds(test), "this user may not become others (unshare, setpriv)");
        assumeTrue(succeeds(List.of("prlimit", "--version")), "there is no prlimit");
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static final class Verbs {
        static void submit(Child me) throws Exception {
            ProcessPool pool = ProcessPool.builder().workers(2).minWorkers(0).start();
            me.say("ready");
            me.hear();
            PoolFuture<Integer> task = pool.submit(() -> 1);
            try {
                me.say(task.get());
            } catch (ExecutionException e) {
                boolean saysWhy =
                        e.getCause() instanceof ProcessStartException problem
                                && String.valueOf(problem.getMessage()).contains("native thread");
                me.say(saysWhy ? "told why" : e);
            }
            me.say(pool.awaitTermination(1, TimeUnit.MINUTES));
            me.hear(); // a JVM that ends starts threads
        }

        static void shutDown(Child me) throws Exception {
            ProcessPool pool = ProcessPool.builder().workers(4).minWorkers(0).start();
            me.say("ready");
            me.hear();
            var _ = pool.submit(() -> 1);
            var _ = pool.submit(() -> 2);
            pool.shutdownNow();
            me.say(pool.awaitTermination(1, TimeUnit.MINUTES));
            me.hear();
        }
    }

    @Test
    void aTaskThatNoWorkerCanBeStartedFor_failsWithTheReason_andThePoolEnds() throws Exception {
        ChildJvm child = start("submit");
        limit(child, NONE);
        child.say("go");
        child.expect("told why").expect("true");
        limit(child, MANY);
        child.say("end");
        child.joinWell();
    }

    @Test
    void aPoolThatIsShutDownMeanwhile_ends() throws Exception {
        ChildJvm child = start("shutDown");
        limit(child, NONE);
        child.say("go");
        child.expect("true");
        limit(child, MANY);
        child.say("end");
        child.joinWell();
    }

    private ChildJvm start(String verb) throws InterruptedException {
        return stage.start(LAUNCH, Verbs.class, verb).expect("ready");
    }

    /* By the same user: root may do it only if it may do all. */
    private static void limit(ChildJvm child, int threads) throws InterruptedException {
        List<String> command = new ArrayList<>(AS_OTHER);
        String pid = Long.toString(child.pid());
        command.addAll(List.of("prlimit", "--pid", pid, "--nproc=" + threads + ":"));
        assertThat(succeeds(command)).isTrue();
    }
}
