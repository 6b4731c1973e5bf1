package dev.interlock.internal.process;

import java.util.concurrent.CompletableFuture;

/** The process that started this one. */
final class ParentProcess extends RelatedProcess {
    private final CompletableFuture<Void> end;

    ParentProcess(ChildNote note, Lifeline lifeline) {
        super(note.parentName(), note.parentPid());
        end = lifeline.parentEnd();
    }

    @Override
    CompletableFuture<Void> end() {
        return end.copy();
    }

    @Override
    public boolean isAlive() {
        return !end.isDone();
    }

    /** Not known here, and nothing depends on it. */
    @Override
    public boolean isDaemon() {
        return false;
    }

    @Override
    public void terminate() {
        if (isAlive()) ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
    }

    @Override
    public void kill() {
        if (isAlive()) ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void killTree() {
        throw new IllegalStateException(
                "Killing the parent's tree would kill this process, too. Call kill(): its other children end by themselves.");
    }

    @Override
    IllegalStateException noResult() {
        return new IllegalStateException(
                "The exit status and result of the parent process are known to its own parent only.");
    }
}
