package dev.interlock.it;

import static java.util.Objects.requireNonNull;

import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;

/** A scenario of which a part goes on beside the victim, which is killed meanwhile. */
abstract class Beside implements Scenario {
    private final Map<Case, FutureTask<Void>> plays = new ConcurrentHashMap<>();

    /** What goes on, once the victim is ready. It must not listen to the victim. */
    abstract void play(Case scene, ChildJvm victim) throws Exception;

    /** Looks at what is left. */
    abstract void look(Case scene) throws Exception;

    @Override
    public final void during(Case scene, ChildJvm victim) throws Exception {
        victim.expect("ready");
        FutureTask<Void> play =
                new FutureTask<>(() -> {
                    play(scene, victim);
                    return null;
                });
        plays.put(scene, play);
        Thread.ofPlatform().daemon().name("play " + scene.step).start(play);
    }

    @Override
    public final void after(Case scene) throws Exception {
        requireNonNull(plays.remove(scene)).get();
        look(scene);
    }
}
