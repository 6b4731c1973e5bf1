package dev.interlock.it;

import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.it.ChildJvm.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What one test plays on: a directory, and children. After the test the children are reaped and nothing may be left of it. */
final class Stage implements BeforeEachCallback, AfterEachCallback {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);

    private final List<ChildJvm> children = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // made before each test
    private TempRegionDirectory directory;

    /** What random numbers begin with; set {@code -Dinterlock.seed} to see a failure again. */
    static long seed() {
        return SEED;
    }

    /** Random numbers of a test, the same for the same seed. */
    static Random random(String test) {
        System.out.println(test + ": -Dinterlock.seed=" + SEED);
        return new Random(SEED ^ test.hashCode());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        directory = new TempRegionDirectory();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        children.forEach(ChildJvm::close);
        children.clear();
        try {
            if (context.getExecutionException().isEmpty()) directory.requireEmpty();
        } finally {
            directory.close();
        }
    }

    Path directory() {
        return directory.path();
    }

    List<String> files() {
        return directory.files();
    }

    RegionOptions options() {
        return directory.options();
    }

    Region open(String name) {
        return Region.open(name, options());
    }

    ChildJvm start(Class<?> verbs, String verb, Object... args) {
        return start(Launch.INTERPRETED, verbs, verb, args);
    }

    ChildJvm start(Launch launch, Class<?> verbs, String verb, Object... args) {
        return keep(ChildJvm.start(launch, directory(), verbs, verb, args));
    }

    /** Reaps the child at the end. */
    ChildJvm keep(ChildJvm child) {
        children.add(child);
        return child;
    }
}
