package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.it.ChildJvm.Launch;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A crowd of children that are killed at random, one after the other or all at once, and replaced. Most die at work, some while they
 * start; a third of them compile their code, and a fifth wait by polling.
 */
final class KillLoop {
    /** What a child says that is about to begin. */
    static final String AT_WORK = "at work";

    private static final long LONGEST_PAUSE_MILLIS = 15;
    private final Stage stage;
    private final Class<?> verbs;
    private final Random random;
    private final ChildJvm[] crowd;
    private final boolean[] atWork;
    private int killed;

    /** Starts the crowd. Its verb {@code work} gets the number of its place, and a seed. */
    KillLoop(Stage stage, Class<?> verbs, int processes, Random random) {
        this.stage = stage;
        this.verbs = verbs;
        this.random = random;
        this.crowd = new ChildJvm[processes];
        this.atWork = new boolean[processes];
        for (int place = 0; place < processes; place++) replace(place);
    }

    int killed() {
        return killed;
    }

    /** Kills one, now and then all, and replaces them when they are gone. */
    void killSome(Doom doom) throws Exception {
        if (random.nextInt(30) == 0) {
            for (int place = 0; place < crowd.length; place++) doom.before(place);
            for (ChildJvm child : crowd) child.killSoon();
            for (int place = 0; place < crowd.length; place++) bury(place, doom);
        } else {
            int place = random.nextInt(crowd.length);
            awaitWork(place);
            kill(place, doom);
        }
    }

    /** Kills the one in that place, and replaces it when it is gone. */
    void kill(int place, Doom doom) throws Exception {
        Await.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
        doom.before(place);
        crowd[place].killSoon();
        bury(place, doom);
    }

    private void bury(int place, Doom doom) throws Exception {
        assertThat(crowd[place].joinKilled()).as("killed").isTrue();
        killed++;
        doom.after(crowd[place]);
        replace(place);
    }

    private void replace(int place) {
        Launch launch = random.nextInt(3) == 0 ? Launch.PLAIN : Launch.INTERPRETED;
        if (random.nextInt(5) == 0) launch = launch.with("-Dinterlock.wait=poll");
        crowd[place] = stage.start(launch, verbs, "work", place, random.nextInt());
        atWork[place] = false;
    }

    private void awaitWork(int place) throws Exception {
        if (atWork[place] || random.nextInt(8) == 0) return;
        crowd[place].expect(AT_WORK);
        atWork[place] = true;
    }

    /** What goes with a death. */
    interface Doom {
        /** The child in that place is about to be killed. */
        default void before(int place) {}

        /** It is gone, and was not replaced yet. */
        default void after(ChildJvm dead) throws Exception {}
    }

    /** Makes sure that those who are left, or come, go on. */
    void requireProgress(Callable<Long> progress) throws Exception {
        long before = progress.call();
        Await.until("they go on after " + killed, () -> progress.call() > before);
    }

    boolean isOver() {
        for (ChildJvm child : crowd) if (child.isAlive()) return false;
        return true;
    }

    /** Waits until all have ended well, as they were told to. */
    void joinWell() throws Exception {
        for (ChildJvm child : crowd) child.joinWell();
    }

    /** For children: fails if the condition does not hold. */
    static void require(boolean condition, String what) {
        if (!condition) throw new AssertionError(what);
    }
}
