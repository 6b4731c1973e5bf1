package dev.interlock.internal.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The kernel's entry points, reached through libc's {@code syscall}. Linking the first downcall takes a JVM about a
 * tenth of a second, so nothing on the way to opening a region may call this class: {@link #linkNow()} is for a
 * background thread, and everybody else asks {@link #isReady()} and does without until then.
 */
public final class Syscalls {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EFAULT = 14;
    private static final int ETIMEDOUT = 110;

    private static volatile boolean ready;
    private static volatile boolean refused;

    private Syscalls() {}

    /** Loaded, and so linked, on first use only. */
    @SuppressWarnings("restricted") // this is the class that needs native access
    private static final class Linked {
        /* One shape for all calls, (number, six words), so that only two stubs are ever spun. */
        static final MethodHandle CALL;
        static final MethodHandle CALL_WITH_ERRNO;
        static final VarHandle ERRNO;

        static {
            Linker linker = Linker.nativeLinker();
            MemorySegment syscall = linker.defaultLookup().find("syscall").orElseThrow();
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            FunctionDescriptor shape =
                    FunctionDescriptor.of(word, word, word, word, word, word, word, word);
            Linker.Option variadic = Linker.Option.firstVariadicArg(1);
            CALL = linker.downcallHandle(syscall, shape, variadic);
            CALL_WITH_ERRNO =
                    linker.downcallHandle(
                            syscall, shape, variadic, Linker.Option.captureCallState("errno"));
            ERRNO = ValueLayout.JAVA_INT.varHandle();
        }
    }

    /** System call numbers of the two processor architectures that are supported. */
    enum Number {
        FUTEX(202, 98),
        FUTEX_WAITV(449, 449),
        SET_ROBUST_LIST(273, 99),
        GETTID(186, 178),
        GETPID(39, 172),
        KILL(62, 129);

        private final int x86;
        private final int arm;

        Number(int x86, int arm) {
            this.x86 = x86;
            this.arm = arm;
        }

        int here() {
            return ARM ? arm : x86;
        }
    }

    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final boolean SUPPORTED =
            System.getProperty("os.name", "").equals("Linux")
                    && (ARM || System.getProperty("os.arch", "").equals("amd64"));

    /** Whether calls can be made without first linking them. */
    public static boolean isReady() {
        return ready;
    }

    /** Whether linking was tried and native code is not to be had in this JVM. */
    public static boolean isRefused() {
        return refused;
    }

    /**
     * Links the downcalls, which takes long the first time.
     *
     * @return whether they can be used
     */
    public static boolean linkNow() {
        if (ready) return true;
        if (refused || !SUPPORTED) {
            refused = true;
            return false;
        }
        try {
            ready = call(Number.GETPID, 0, 0, 0, 0, 0, 0) > 0;
            refused = !ready;
        } catch (LinkageError
                | RuntimeException e) { // no native access for this module, an exotic libc
            refused = true;
        }
        return ready;
    }

    static long call(Number number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) Linked.CALL.invokeExact((long) number.here(), a, b, c, d, e, f);
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What a call that may sleep came back with. */
    public enum Outcome {
        /** Somebody woke us, or the call did what it should. */
        DONE,
        /** The word had another value already. */
        CHANGED,
        TIMED_OUT,
        /** A signal handler ran; try again. */
        SIGNALLED,
        /** This kernel or its filter does not offer the call. */
        REFUSED
    }

    /** The result of a call that may sleep: what the kernel returned, or the error as a negative number. */
    static long callSleeping(
            MemorySegment errno, Number number, long a, long b, long c, long d, long e, long f) {
        long result;
        try {
            result =
                    (long)
                            Linked.CALL_WITH_ERRNO.invokeExact(
                                    errno, (long) number.here(), a, b, c, d, e, f);
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        return result >= 0 ? result : -(int) Linked.ERRNO.get(errno, 0L);
    }

    /** What a result of {@link #callSleeping} means. */
    static Outcome outcomeOf(long result) {
        if (result >= 0) return Outcome.DONE;
        return switch ((int) -result) {
            case EAGAIN, EFAULT ->
                    Outcome.CHANGED; // EFAULT: the memory was unmapped meanwhile; its user finds
            // out by itself
            case EINTR -> Outcome.SIGNALLED;
            case ETIMEDOUT -> Outcome.TIMED_OUT;
            default -> Outcome.REFUSED;
        };
    }

    /** The kernel's id of the calling thread, which must be a platform thread. */
    public static int currentThreadId() {
        return (int) call(Number.GETTID, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Tells the kernel where the calling thread keeps its robust list, instead of the C library's own. For a thread
     * that runs only our code.
     *
     * @return whether the kernel took it
     */
    public static boolean setRobustList(MemorySegment head) {
        return call(Number.SET_ROBUST_LIST, head.address(), head.byteSize(), 0, 0, 0, 0) == 0;
    }

    /** Ends this process as {@code kill -9} does; only crash tests call it. */
    public static void killSelf() {
        call(Number.KILL, call(Number.GETPID, 0, 0, 0, 0, 0, 0), 9, 0, 0, 0, 0);
    }
}
