package dev.interlock.internal.process;

import java.util.List;
import java.util.concurrent.TimeUnit;

/*
 * If main has returned, the threads that wait for the children kept this JVM alive, so only daemon children are left here. If somebody
 * called System.exit or sent a signal, others may be. daemon(false) children go on. Should this process be killed meanwhile, the children
 * see the end of their lifelines.
 */
/** Runs when this JVM ends in order: ends the children that end with their parent, and waits for them. */
final class EndOfParent extends Thread {
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    EndOfParent() {
        super(null, null, "interlock-end-of-parent", 0, false);
    }

    @Override
    public void run() {
        Processes.end();
        Spares.end();
        EarlyJvm.end();
        List<Child<?>> children =
                Processes.children().stream()
                        .filter(child -> child.mode().endsWithParent())
                        .toList();
        children.forEach(Child::terminate);
        long deadline = System.nanoTime() + GRACE_NANOS;
        children.forEach(child -> child.awaitUntil(deadline));
        children.forEach(Child::kill);
        long lastDeadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        children.forEach(child -> child.awaitUntil(lastDeadline));
        SourceProgram.deleteClasses();
    }
}
