package dev.interlock.internal.region;

import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.Syscalls;
import dev.interlock.internal.sync.Cpus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The thread of this JVM that learns of the death of other processes and sweeps for them.
 */
final class Guardian extends Thread {
    /*
     * Hint        Each guardian thread holds, for life, a robust futex in its process's slot: the life word. The kernel
     *             changes it and wakes one sleeper when that thread ends, some 0.1 ms after kill -9, however much
     *             memory the process had. All other signs of death wait until the memory is given back, about 90 ms per
     *             GB.
     * Proof       A hint says that one thread ended. Nothing is taken from a process before Member.isDead proves that
     *             no thread of it will ever store again. Until then it is a suspect, looked at again after growing
     *             pauses.
     * One wake-up is enough   Each guardian watches all members (the next WATCHED in ring order if there are more) and
     *             looks at the whole table whenever it wakes. If the one that was woken is itself killed, its own life
     *             word wakes another.
     * Bells       A process that arms its life word rings the doorbells of the others, so that they watch it. Before
     *             that, or where native code is not to be had, a waiter looks after the owner itself
     *             (Attachment.patienceNanos).
     * Tick        A process that joins and dies before it is armed, within UNDISTURBED_MILLIS, rings no bell: so who is not looked
     *             after by a waiter is found once a second.
     */
    private static final int OWNER_DIED = 1 << 30; // what the kernel makes of a life word
    private static final int ANNOUNCE = 1 << 31; // asks the kernel to wake a sleeper
    private static final long HEAD_BYTES =
            24; // robust_list_head: next, offset of the word, pending

    /** A short program ends before we make it link native code. */
    private static final long UNDISTURBED_MILLIS = 100;

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FIRST_PAUSE_NANOS = 100_000;

    private static final Guardian INSTANCE = new Guardian();
    private static volatile boolean armable; // whether the kernel can announce this process's death
    private static volatile boolean ending; // this JVM
    private static volatile boolean watching; // whether it announces those of others

    private final List<Attachment> attachments = new ArrayList<>(); // guarded by this
    private final List<Attachment> armed = new ArrayList<>(); // guarded by this
    private boolean started; // guarded by this
    private boolean wanted; // guarded by this
    private Futex.Frame frame; // made when native code is linked
    private MemorySegment robustHead;
    private int threadId;

    @SuppressWarnings("NullAway.Init")
    private Guardian() {
        super(null, null, "interlock-guardian", 256 << 10, false);
        setDaemon(true);
    }

    /** Whether the kernel announces deaths to this process. */
    static boolean isWatching() {
        if (!watching) INSTANCE.hurry();
        return watching;
    }

    /** Whether the kernel has something to announce of that slot's process, and has not done so. */
    static boolean isArmed(Mapping mapping, int slot) {
        int life = mapping.getInt(life(slot));
        return life != 0 && (life & OWNER_DIED) == 0;
    }

    static void add(Attachment attachment) {
        INSTANCE.enter(attachment);
    }

    /** On return the guardian no longer touches the attachment. */
    static void remove(Attachment attachment) {
        INSTANCE.exit(attachment);
    }

    private synchronized void enter(Attachment attachment) {
        attachments.add(attachment);
        if (!started) {
            started = true;
            start();
        }
        if (armable) frame.ringOwnWord();
    }

    private synchronized void exit(Attachment attachment) {
        attachments.remove(attachment);
        if (armed.remove(attachment)) {
            linkArmed();
            attachment.mapping().putInt(life(attachment.self().slot()), 0);
        }
    }

    private synchronized void hurry() {
        wanted = true;
        notifyAll();
    }

    @Override
    public void run() {
        Cpus.isOne(); // by now, whoever is the first to wait
        awaitNeed();
        if (!System.getProperty("interlock.wait", "futex").equals("poll") && Syscalls.linkNow()) {
            prepare();
            armable = true;
            watching = true;
            leaveNativeCodeAtTheEnd();
            while (!ending) watch();
        }
        while (true) tick(); // as long as the JVM
    }

    /*
     * A JVM that ends waits 300 ms for threads in native code, as those that watch are. This one may not end before the JVM, since the kernel
     * would announce a death; so it looks from time to time instead.
     */
    private void leaveNativeCodeAtTheEnd() {
        Thread hook = new Thread(null, this::leaveNativeCode, "interlock-guardian-exit", 0, false);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: it takes a moment longer
        }
    }

    private void leaveNativeCode() {
        ending = true;
        frame.ringOwnWord();
    }

    private synchronized void awaitNeed() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(UNDISTURBED_MILLIS);
        try {
            for (long left = UNDISTURBED_MILLIS; !wanted && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            return; // somebody found this thread and wants it to go on
        }
    }

    private void prepare() {
        frame = new Futex.Frame(Futex.MAX_WORDS);
        robustHead = Arena.global().allocate(HEAD_BYTES, 8);
        robustHead.set(ValueLayout.JAVA_LONG, 0, robustHead.address());
        robustHead.set(ValueLayout.JAVA_LONG, 8, Layout.SLOT_LIFE - Layout.SLOT_ROBUST_NODE);
        Syscalls.setRobustList(robustHead);
        threadId = Syscalls.currentThreadId();
        ProcessIdentity.self().practise();
    }

    /*
     * Where the kernel announces nothing: look once a second. Waiters look after the owners they wait for more often.
     */
    private void tick() {
        lookAtAll();
        try {
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(ending ? LAST_TICK_NANOS : TICK_NANOS));
        } catch (InterruptedException e) {
            return; // the next round comes early
        }
    }

    private long pauseNanos = FIRST_PAUSE_NANOS;

    private void watch() {
        int bell = frame.ownValue(); // read before the attachments: who rings later ends the wait
        frame.set(0, frame.ownWord(), bell);
        Look look = lookAtAll();
        if (look.isIdle) {
            frame.waitForOne(frame.ownWord(), bell, Futex.NEVER); // until enter rings
            return;
        }
        long pause = look.suspects ? pauseNanos : TICK_NANOS;
        pauseNanos = look.suspects ? Math.min(2 * pauseNanos, TICK_NANOS) : FIRST_PAUSE_NANOS;
        Syscalls.Outcome outcome = frame.waitForAny(look.words, System.nanoTime() + pause);
        if (outcome == Syscalls.Outcome.DONE) pauseNanos = FIRST_PAUSE_NANOS;
        if (outcome == Syscalls.Outcome.REFUSED) waitWithoutKernel(bell);
    }

    /*
     * No futex_waitv here: life words cannot all be watched. Waiters must look after owners themselves again. This process's own are
     * armed all the same, for others, and so that its threads may sleep.
     */
    private void waitWithoutKernel(int bell) {
        watching = false;
        frame.waitForOne(frame.ownWord(), bell, System.nanoTime() + TICK_NANOS);
    }

    /** What a look at all tables found. */
    private static final class Look {
        private int words = 1;
        private boolean suspects;
        private boolean isIdle; // this process has no region open
    }

    private synchronized Look lookAtAll() {
        Look look = new Look();
        look.isIdle = attachments.isEmpty();
        for (Attachment attachment : List.copyOf(attachments)) {
            try {
                if (armable && !armed.contains(attachment)) arm(attachment);
                look(attachment, look);
            } catch (RuntimeException e) {
                // a corrupt region must not end the care for the others
            }
        }
        return look;
    }

    private void look(Attachment attachment, Look look) {
        Mapping mapping = attachment.mapping();
        int self = attachment.self().slot();
        long doorbell = Layout.slot(self) + Layout.SLOT_DOORBELL;
        // Read before the table is.
        if (watching) listen(mapping, look, doorbell, mapping.getInt(doorbell));
        for (int i = 1; i < Layout.SLOTS; i++) {
            int slot = (self + i) % Layout.SLOTS;
            int kind = SlotState.kind(mapping.get(Layout.slot(slot) + Layout.SLOT_STATE));
            if (kind != SlotState.ALIVE && kind != SlotState.DYING) continue;
            int life = mapping.getInt(life(slot));
            boolean suspect = kind == SlotState.DYING || (life & OWNER_DIED) != 0 || life == 0;
            if (suspect && attachment.sweepIfDead(slot)) continue;
            if (suspect) look.suspects |= life != 0;
            else if (watching) listen(mapping, look, life(slot), life);
        }
    }

    private void listen(Mapping mapping, Look look, long offset, int seen) {
        if (look.words < frame.capacity()) frame.set(look.words++, mapping.address(offset), seen);
    }

    private void arm(Attachment attachment) {
        armed.add(attachment);
        linkArmed();
        Mapping mapping = attachment.mapping();
        int self = attachment.self().slot();
        mapping.putInt(life(self), threadId | ANNOUNCE);
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            boolean alive =
                    SlotState.kind(mapping.get(Layout.slot(slot) + Layout.SLOT_STATE))
                            == SlotState.ALIVE;
            if (slot != self && alive) {
                mapping.getAndAddInt(Layout.slot(slot) + Layout.SLOT_DOORBELL, 1);
                mapping.wake(Layout.slot(slot) + Layout.SLOT_DOORBELL, 1);
            }
        }
        attachment.setAnnounced();
    }

    /* The kernel walks this list when the guardian thread ends, and at no other time. */
    private void linkArmed() {
        long next = robustHead.address();
        for (Attachment attachment : armed) {
            long node = Layout.slot(attachment.self().slot()) + Layout.SLOT_ROBUST_NODE;
            attachment.mapping().put(node, next);
            next = attachment.mapping().address(node);
        }
        robustHead.set(ValueLayout.JAVA_LONG, 0, next);
    }

    private static long life(int slot) {
        return Layout.slot(slot) + Layout.SLOT_LIFE;
    }
}
