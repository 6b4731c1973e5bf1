package dev.interlock.internal.region;

import dev.interlock.DeadlockException;
import dev.interlock.DeadlockException.Participant;
import dev.interlock.internal.sync.Deadlocks.Edge;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.WaitCells;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Puts into words which threads wait for each other. */
final class DeadlockReport {
    private DeadlockReport() {}

    static RuntimeException of(Attachment attachment, List<Edge> circle) {
        List<Participant> participants = new ArrayList<>();
        for (int i = 0; i < circle.size(); i++) {
            Edge edge = circle.get(i);
            // What a thread owns is what the one before it waits for.
            Edge before = circle.get((i + circle.size() - 1) % circle.size());
            participants.add(participant(attachment, edge, before.waiter().object()));
        }
        return new DeadlockException(
                "This thread would have waited for ever: in region '"
                        + attachment.path().getFileName()
                        + "' "
                        + participants.size()
                        + " threads wait for each other. Lock in the same order everywhere, or with a time limit.",
                participants);
    }

    private static Participant participant(Attachment attachment, Edge edge, long owned) {
        WaitCells cells = attachment.uses().cells();
        Member member = attachment.member(edge.waiter().slot());
        List<String> report = List.of(cells.report(edge.waiter()).split("\n", -1));
        LockDisplay.Owner owner = LockDisplay.owner(attachment.mapping(), owned);
        String thread =
                !report.getFirst().isEmpty()
                        ? report.getFirst()
                        : owner == null ? "" : owner.threadName();
        return new Participant(
                member.identity().pid(),
                member.name(),
                thread,
                nameOf(attachment, owned),
                nameOf(attachment, edge.waiter().object()),
                Instant.ofEpochMilli(edge.waiter().sinceMillis()),
                report.subList(1, report.size()));
    }

    private static String nameOf(Attachment attachment, long lock) {
        Heap heap = Heap.of(attachment);
        Heap.Found found = heap.objectAround(lock);
        String name = heap.nameOf(lock);
        return found == null || found.type().isLock() ? name : "the lock of " + name;
    }
}
