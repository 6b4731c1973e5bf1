package dev.interlock.internal.region;

import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the {@link Guardian}'s thread learns of the death of other processes and sweeps for them, and has the kernel tell them of its own.
 * Made when the thread is wanted; much of it needs native code. Its methods are called by that thread, or with the guardian's lock held.
 */
final class DeathWatch {
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
     * Tick        A process that joins and dies before it is armed, while its guardian does nothing yet, rings no bell: so who is not looked
     *             after by a waiter is found once a second.
     * Errors      Others sleep because this thread says that it watches, and the end of it would look like the death of the process. So it
     *             goes on with the next region, or after a tick, whatever is thrown, when there is no memory for example. Who begins to
     *             wait in that tick looks after the owner itself.
     */
    private static final int OWNER_DIED = 1 << 30; // what the kernel makes of a life word
    private static final int ANNOUNCE = 1 << 31; // asks the kernel to wake a sleeper
    private static final long HEAD_BYTES =
            24; // robust_list_head: next, offset of the word, pending

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FIRST_PAUSE_NANOS = 100_000;

    private final List<Attachment> attachments; // the guardian's, and guarded by its lock
    private final List<Attachment> armed = new ArrayList<>(); // guarded by the same lock
    private volatile boolean prepared; // the frame can be rung
    private boolean
            armable; // whether the kernel can announce this process's death; the guardian thread's
    private volatile boolean ending; // this JVM
    private volatile boolean watching; // whether it announces those of others
    private Futex.Frame frame; // made when native code is linked
    private MemorySegment robustHead;
    private int threadId;

    @SuppressWarnings("NullAway.Init")
    DeathWatch(List<Attachment> attachments) {
        this.attachments = attachments;
    }

    /** Whether the kernel has something to announce of that slot's process, and has not done so. */
    static boolean isArmed(Mapping mapping, int slot) {
        int life = mapping.getInt(life(slot));
        return life != 0 && (life & OWNER_DIED) == 0;
    }

    /** Whether the kernel announces deaths to this process. */
    boolean isWatching() {
        return watching;
    }

    /** There is a new attachment. */
    void lookAgain() {
        if (prepared) frame.ringOwnWord();
    }

    /** An attachment is about to end. */
    void forget(Attachment attachment) {
        if (armed.remove(attachment)) {
            linkArmed();
            attachment.mapping().putInt(life(attachment.self().slot()), 0);
        }
    }

    /** Watches until the JVM ends. */
    void run() {
        boolean failed = false;
        while (true) { // as long as the JVM
            try {
                if (failed) pause();
                failed = false;
                watchForEver();
            } catch (Throwable e) {
                watching = false;
                failed = true;
            }
        }
    }

    private void watchForEver() {
        if (!System.getProperty("interlock.wait", "futex").equals("poll") && Syscalls.linkNow()) {
            if (!prepared) prepare();
            watching = Futex.canWaitForMany();
            while (!ending) watch();
        }
        // The kernel announces nothing. Waiters look after the owners they wait for more often.
        while (true) { // until an error
            lookAtAll();
            pause();
        }
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

    /* May be repeated if it fails. */
    private void prepare() {
        frame = new Futex.Frame(Futex.MAX_WORDS);
        robustHead = Arena.global().allocate(HEAD_BYTES, 8);
        robustHead.set(ValueLayout.JAVA_LONG, 0, robustHead.address());
        robustHead.set(ValueLayout.JAVA_LONG, 8, Layout.SLOT_LIFE - Layout.SLOT_ROBUST_NODE);
        armable = Syscalls.setRobustList(robustHead); // a system call filter may refuse it
        threadId = Syscalls.currentThreadId();
        ProcessIdentity.self().practise();
        leaveNativeCodeAtTheEnd();
        prepared = true;
    }

    private void pause() {
        try {
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(ending ? LAST_TICK_NANOS : TICK_NANOS));
        } catch (InterruptedException e) {
            return; // the next look comes early
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

    private Look lookAtAll() {
        Look look = new Look();
        synchronized (Guardian.LOCK) {
            look.isIdle = attachments.isEmpty();
            for (Attachment attachment : List.copyOf(attachments)) {
                try {
                    if (armable && !attachment.isAnnounced()) arm(attachment);
                    look(attachment, look);
                } catch (Throwable e) {
                    // A corrupt region must not end the care for the others. It has to wait for a
                    // tick: the JDK collects garbage each time that it cannot map memory.
                }
            }
        }
        return look;
    }

    private void look(Attachment attachment, Look look) {
        Mapping mapping = attachment.mapping();
        int self = attachment.self().slot();
        long doorbell = Member.at(self) + Layout.SLOT_DOORBELL;
        // Read before the table is.
        if (watching) listen(mapping, look, doorbell, mapping.getInt(doorbell));
        for (int i = 1; i < Layout.SLOTS; i++) {
            int slot = (self + i) % Layout.SLOTS;
            int kind = Member.kind(mapping.get(Member.at(slot) + Layout.SLOT_STATE));
            if (kind != SlotState.ALIVE && kind != SlotState.DYING) continue;
            int life = mapping.getInt(life(slot));
            boolean suspect = kind == SlotState.DYING || (life & OWNER_DIED) != 0 || life == 0;
            if (suspect && attachment.sweepIfDead(slot)) continue;
            if (suspect) look.suspects |= life != 0 || kind == SlotState.DYING;
            else if (watching) listen(mapping, look, life(slot), life);
        }
    }

    private void listen(Mapping mapping, Look look, long offset, int seen) {
        if (look.words < frame.capacity()) frame.set(look.words++, mapping.address(offset), seen);
    }

    /* May be repeated if it fails. First what may well fail: the list must hold only what is mapped. */
    private void arm(Attachment attachment) {
        Mapping mapping = attachment.mapping();
        if (!armed.contains(attachment)) armed.add(attachment);
        linkArmed(); // before the life word says so
        int self = attachment.self().slot();
        mapping.putInt(life(self), threadId | ANNOUNCE);
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            boolean alive =
                    Member.kind(mapping.get(Member.at(slot) + Layout.SLOT_STATE))
                            == SlotState.ALIVE;
            if (slot != self && alive) {
                mapping.getAndAddInt(Member.at(slot) + Layout.SLOT_DOORBELL, 1);
                mapping.wake(Member.at(slot) + Layout.SLOT_DOORBELL, 1);
            }
        }
        attachment.setAnnounced();
    }

    /* The kernel walks this list when the guardian thread ends, and at no other time. */
    private void linkArmed() {
        long next = robustHead.address();
        for (Attachment attachment : armed) {
            long node = Member.at(attachment.self().slot()) + Layout.SLOT_ROBUST_NODE;
            attachment.mapping().put(node, next);
            next = attachment.mapping().address(node);
        }
        robustHead.set(ValueLayout.JAVA_LONG, 0, next);
    }

    private static long life(int slot) {
        return Member.at(slot) + Layout.SLOT_LIFE;
    }
}
