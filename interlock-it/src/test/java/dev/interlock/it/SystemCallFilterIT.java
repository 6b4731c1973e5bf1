package dev.interlock.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.it.ChildJvm.Launch;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of a container whose filter refuses the robust list: the kernel does not announce their deaths. */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class SystemCallFilterIT {
    /** Runs its arguments with a filter (seccomp) that answers EPERM to the call of a number. */
    private static final String FILTER =
            """
            import ctypes, os, struct, sys
            SECCOMP, NO_NEW_PRIVILEGES, FILTER = 22, 38, 2
            ALLOW, EPERM = 0x7fff0000, 0x00050001
            steps = [(0x20, 0, 0, 0), (0x15, 0, 1, int(sys.argv[1])), (6, 0, 0, EPERM), (6, 0, 0, ALLOW)]
            code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *step) for step in steps))
            class Program(ctypes.Structure):
                _fields_ = [('length', ctypes.c_ushort), ('steps', ctypes.c_void_p)]
            program = Program(len(steps), ctypes.addressof(code))
            prctl = ctypes.CDLL(None).prctl
            if prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0):
                sys.exit(1)
            os.execvp(sys.argv[2], sys.argv[2:])
            """;

    private static final String SET_ROBUST_LIST =
            System.getProperty("os.arch", "").equals("aarch64") ? "99" : "273";
    private static final Launch FILTERED =
            Launch.INTERPRETED.behind("python3", "-c", FILTER, SET_ROBUST_LIST);

    @RegisterExtension final Stage stage = new Stage();

    @BeforeAll
    static void needsFilters() throws Exception {
        assumeTrue(PythonIT.hasPython(), "there is no python3");
        int code =
                new ProcessBuilder("python3", "-c", FILTER, SET_ROBUST_LIST, "true")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
        assumeTrue(code == 0, "this user may not filter system calls (seccomp)");
    }

    static final class Verbs {
        static void hold(Child me) throws Exception {
            try (Region _ = me.open("r")) {
                Await.until("the guardian sleeps", Verbs::guardianSleeps);
                HolderDeathIT.Verbs.hold(me);
            }
        }

        static void obey(Child me) throws Exception {
            try (Region _ = me.open("r")) {
                Await.until("the guardian sleeps", Verbs::guardianSleeps);
                HolderDeathIT.Verbs.obey(me);
            }
        }

        /** It has told the kernel by then whatever there is to tell. */
        private static boolean guardianSleeps() {
            return Thread.getAllStackTraces().entrySet().stream()
                    .filter(entry -> entry.getKey().getName().equals("interlock-guardian"))
                    .flatMap(entry -> Arrays.stream(entry.getValue()))
                    .anyMatch(frame -> frame.getMethodName().startsWith("waitFor"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holderKilled_waiterAcquires(boolean isWaiterFiltered) throws Exception {
        ChildJvm waiter =
                stage.start(isWaiterFiltered ? FILTERED : Launch.INTERPRETED, Verbs.class, "obey")
                        .expect("ready");
        ChildJvm holder = stage.start(FILTERED, Verbs.class, "hold").expect("held");
        waiter.say("lock");
        try (Region region = stage.open("r")) {
            Await.until("it waits", () -> region.lock("l").hasQueuedThreads());
            holder.kill();
            waiter.expect("locked, abandoned: true");
            waiter.kill();
            region.unlink();
        }
    }
}
