package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ObjectInfo;
import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.SharedLock;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Kills a child before each of the steps of an operation, one child per step, and lets a scenario look at what is left. The
 * operation is run undisturbed first, which tells how many steps it has.
 */
final class KillPointRun {
    private static final int AT_ONCE = 4;

    private KillPointRun() {}

    /** What is played around each death. */
    interface Scenario {
        /** Sets the scene. */
        default void before(Case scene) throws Exception {}

        /** Plays while the victim runs. */
        default void during(Case scene, ChildJvm victim) throws Exception {}

        /** Looks at what is left. */
        void after(Case scene) throws Exception;
    }

    /** One run of the operation, in a directory of its own. */
    @SuppressWarnings("try") // closing it may be interrupted, as all tests may
    static final class Case implements AutoCloseable {
        private final TempRegionDirectory directory = new TempRegionDirectory();
        private final List<AutoCloseable> actors = new ArrayList<>();
        final long step;
        boolean killed;
        boolean wasAbandoned; // what the scenario found
        long found; // what else it found

        private Case(long step) {
            this.step = step;
        }

        Path path() {
            return directory.path();
        }

        Path file(String name) {
            return path().resolve(name);
        }

        RegionOptions options() {
            return directory.options();
        }

        /** Opens a region until the end of the case. */
        Region join(String name) {
            return keep(Region.open(name, options()));
        }

        ChildJvm start(Class<?> verbs, String verb, Object... args) {
            return start(Launch.INTERPRETED, verbs, verb, args);
        }

        ChildJvm start(Launch launch, Class<?> verbs, String verb, Object... args) {
            return keep(ChildJvm.start(launch, path(), verbs, verb, args));
        }

        <T extends AutoCloseable> T keep(T actor) {
            actors.add(actor);
            return actor;
        }

        /** Ends all who take part. */
        void leave() throws Exception {
            for (AutoCloseable actor : actors.reversed()) actor.close();
            actors.clear();
        }

        /** Whoever opens the region now finds everything in order, whatever happened before; then removes it. */
        void requireSound(String name) throws Exception {
            try (Region region = Region.open(name, options())) {
                assertThat(region.objects().stream().map(ObjectInfo::name)).doesNotHaveDuplicates();
                region.longArray("made by the survivor", 100).set(99, 1);
                SharedLock lock = region.lock("taken by the survivor");
                assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
                lock.unlock();
                assertThat(region.objects())
                        .extracting(ObjectInfo::name)
                        .contains("made by the survivor", "taken by the survivor")
                        .doesNotHaveDuplicates();
            }
            leave();
            try (Region region = Region.open(name, options());
                    RawRegion raw = new RawRegion(region.path())) {
                assertThat(region.processes()).hasSize(1);
                region.objects(); // who uses objects sweeps first
                assertThat(raw.slots()).singleElement().matches(RawRegion.Slot::isAlive);
                assertThat(directory.files())
                        .filteredOn(file -> file.contains("~alive-"))
                        .hasSize(1);
                assertThat(directory.files()).noneMatch(file -> file.endsWith("~new"));
                region.unlink();
            }
            directory.requireEmpty();
        }

        void requireEmpty() {
            directory.requireEmpty();
        }

        @Override
        public void close() throws Exception {
            leave();
            directory.close();
        }
    }

    /** What was found after each kill, one digit each. */
    static String found(List<Case> cases) {
        var text = new StringBuilder();
        for (Case scene : cases) if (scene.killed) text.append(scene.found);
        return text.toString();
    }

    /**
     * Plays the scenario once undisturbed, then once for each step.
     *
     * @return all cases with a kill, by step
     */
    static List<Case> everyStep(Class<?> verbs, String verb, Scenario scenario, Object... args)
            throws Exception {
        return everyStep(Launch.INTERPRETED, verbs, verb, scenario, args);
    }

    /** The same with options for the victim's JVM. */
    static List<Case> everyStep(
            Launch plain, Class<?> verbs, String verb, Scenario scenario, Object... args)
            throws Exception {
        Launch launch = plain.with("-Dinterlock.killpoints=true");
        long begin = System.nanoTime();
        long steps = play(0, launch, verbs, verb, scenario, args).steps;
        assertThat(steps).as("steps of " + verb).isPositive();
        List<Case> cases = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Played>> futures = new ArrayList<>();
            for (long k = 1; k <= steps; k++) {
                long step = k;
                futures.add(pool.submit(() -> play(step, launch, verbs, verb, scenario, args)));
            }
            Throwable failure = null;
            for (Future<Played> future : futures) {
                try {
                    cases.add(future.get().scene);
                } catch (ExecutionException e) {
                    if (failure == null) failure = e.getCause();
                    else failure.addSuppressed(e.getCause());
                }
            }
            if (failure != null) throw new AssertionError(verb + " " + List.of(args), failure);
        }
        long killed = cases.stream().filter(scene -> scene.killed).count();
        System.out.printf(
                "%s %s: %d steps, %d killed, %d ms%n",
                verb, List.of(args), steps, killed, (System.nanoTime() - begin) / 1_000_000);
        // What waits looks again now and then, so it takes more steps the longer it waits, and
        // about
        // forty the first time that it sleeps, to make what it waits in: on a busy machine mostly
        // in
        // those runs that are counted. But most must be the same each time.
        long end = System.nanoTime() + Await.WATCHDOG.toNanos();
        while (killed < steps / 2 && System.nanoTime() < end)
            steps = Math.min(steps, play(0, launch, verbs, verb, scenario, args).steps);
        assertThat(killed).as("kills in " + verb).isGreaterThanOrEqualTo(steps / 2);
        return cases;
    }

    private record Played(Case scene, long steps) {}

    @SuppressWarnings("try")
    private static Played play(
            long step,
            Launch launch,
            Class<?> verbs,
            String verb,
            Scenario scenario,
            Object... args)
            throws Exception {
        try (Case scene = new Case(step)) {
            scenario.before(scene);
            List<Object> all = new ArrayList<>(List.of(step));
            all.addAll(List.of(args));
            ChildJvm victim = scene.start(launch, verbs, verb, all.toArray());
            scenario.during(scene, victim);
            long steps = 0;
            for (String line; (line = victim.hearOrEnd()) != null; ) {
                if (line.equals(Child.AT_STEP)) victim.killSoon();
                if (!line.startsWith(Child.COMPLETED)) continue;
                steps = Long.parseLong(line.substring(Child.COMPLETED.length() + 1));
                victim.sayNoMore();
            }
            scene.killed = victim.joinKilled();
            scenario.after(scene);
            return new Played(scene, steps);
        } catch (Throwable e) {
            throw new AssertionError("step " + step + " of " + verb, e);
        }
    }
}
