package dev.interlock.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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
        /*
         * One handle for all calls, (function, where errno goes, number, six words): each further one, and binding the function to
         * it, would make a JVM spin more classes, which costs every process that ever waits some twenty milliseconds.
         */
        static final MethodHandle CALL;
        static final MemorySegment SYSCALL;

        /** Where errno goes that nobody looks at; alone in its cache line, as all threads that wake others store there. */
        static final MemorySegment UNREAD;

        /** Gives what the C library's heap has free back; NULL if it cannot. */
        static final MemorySegment MALLOC_TRIM;

        static {
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            Linker linker = Linker.nativeLinker();
            CALL =
                    linker.downcallHandle(
                            FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                            Linker.Option.firstVariadicArg(1),
                            Linker.Option.captureCallState("errno"));
            SYSCALL = linker.defaultLookup().find("syscall").orElseThrow();
            MALLOC_TRIM = linker.defaultLookup().find("malloc_trim").orElse(MemorySegment.NULL);
            UNREAD = Arena.global().allocate(64, 64);
        }
    }

    /** System call numbers of the two processor architectures that are supported. */
    enum Call {
        FUTEX(202, 98),
        FUTEX_WAITV(449, 449),
        SET_ROBUST_LIST(273, 99),
        GETTID(186, 178),
        GETPID(39, 172),
        KILL(62, 129),
        MADVISE(28, 233);

        private final int x86;
        private final int arm;

        Call(int x86, int arm) {
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
            ready = call(Call.GETPID, 0, 0, 0, 0, 0, 0) > 0;
            refused = !ready;
        } catch (LinkageError | RuntimeException e) {
            refused = true; // no native access for this module, an exotic libc
        }
        return ready;
    }

    static long call(Call call, long a, long b, long c, long d, long e, long f) {
        return call(Linked.SYSCALL, Linked.UNREAD, call.here(), a, b, c, d, e, f);
    }

    private static long call(
            MemorySegment function,
            MemorySegment errno,
            long number,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f) {
        try {
            return (long) Linked.CALL.invokeExact(function, errno, number, a, b, c, d, e, f);
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
            MemorySegment errno, Call call, long a, long b, long c, long d, long e, long f) {
        long result = call(Linked.SYSCALL, errno, call.here(), a, b, c, d, e, f);
        return result >= 0 ? result : -errno.get(ValueLayout.JAVA_INT, 0);
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
        return (int) call(Call.GETTID, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Tells the kernel where the calling thread keeps its robust list, instead of the C library's own. For a thread
     * that runs only our code.
     *
     * @return whether the kernel took it
     */
    public static boolean setRobustList(MemorySegment head) {
        return call(Call.SET_ROBUST_LIST, head.address(), head.byteSize(), 0, 0, 0, 0) == 0;
    }

    /** Gives what the C library's heap has free back to the kernel, if that library can do it. */
    static void trimHeap() {
        if (Linked.MALLOC_TRIM.address() == 0) return;
        // It takes one number; that it is passed more does no harm.
        long _ = call(Linked.MALLOC_TRIM, Linked.UNREAD, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Ends this process as {@code kill -9} does; only crash tests call it. */
    public static void killSelf() {
        call(Call.KILL, call(Call.GETPID, 0, 0, 0, 0, 0, 0), 9, 0, 0, 0, 0);
    }
}
