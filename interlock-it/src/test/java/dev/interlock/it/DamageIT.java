package dev.interlock.it;

import dev.interlock.InterlockException;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with random damage: whatever they hold, the JVM lives, and every failure is one of the library's own. */
class DamageIT {
    private static final int CASES = 250;
    private static final int USED = 160_000; // bytes of the region that is damaged

    @RegisterExtension final Stage stage = new Stage();

    /** What may be done to a region's file. */
    enum Damage {
        WORDS {
            @Override
            void apply(Path file, Random random) {
                try (RawRegion raw = new RawRegion(file)) {
                    for (int i = random.nextInt(8); i >= 0; i--)
                        raw.put(anywhere(random), word(random));
                }
            }
        },
        BITS {
            @Override
            void apply(Path file, Random random) {
                try (RawRegion raw = new RawRegion(file)) {
                    for (int i = random.nextInt(8); i >= 0; i--) {
                        long offset = anywhere(random);
                        raw.put(offset, raw.get(offset) ^ 1L << random.nextInt(64));
                    }
                }
            }
        },
        TRUNCATION {
            @Override
            void apply(Path file, Random random) throws IOException {
                try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(random.nextLong(open.length()));
                }
            }
        },
        NOISE {
            @Override
            void apply(Path file, Random random) throws IOException {
                byte[] noise = new byte[random.nextInt(100_000)];
                random.nextBytes(noise);
                Files.write(file, noise);
            }
        };

        abstract void apply(Path file, Random random) throws IOException;

        /** In the header, in the first objects, or in anything that is used of the file. */
        private static long anywhere(Random random) {
            return switch (random.nextInt(3)) {
                case 0 -> 8L * random.nextInt(16);
                case 1 -> RawRegion.firstPayload() + 8L * (random.nextInt(1000) - 8);
                default -> 8L * random.nextInt(USED / 8);
            };
        }

        private static long word(Random random) {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> random.nextInt(100_000);
                case 2 -> -random.nextInt(1000);
                default -> Long.MAX_VALUE >>> random.nextInt(32);
            };
        }
    }

    record Pair(long a, long b) {}

    static final class Verbs {
        /** Arguments: the damage, a seed, and the number of cases. */
        static void openDamaged(Child me) throws Exception {
            Damage damage = Damage.valueOf(me.arg(0));
            int refused = 0;
            for (int i = 0; i < me.number(2); i++) {
                me.say("case " + i);
                refused +=
                        tryOne(me, damage, new Random((me.number(1) + i) * 0x9E37_79B9_7F4A_7C15L))
                                ? 0
                                : 1;
            }
            me.say("refused " + refused);
        }

        private static boolean tryOne(Child me, Damage damage, Random random) throws Exception {
            Path file = me.directory().resolve("r");
            try (Region region = me.open("r")) {
                use(region);
            }
            damage.apply(file, random);
            boolean opened = false;
            try (Region region = me.open("r")) {
                opened = true;
                use(region);
            } catch (InterlockException e) {
                if (e.getMessage() == null) throw e;
            }
            Region.list(me.directory());
            try (Stream<Path> files = Files.list(me.directory())) {
                for (Path left : files.toList()) Files.delete(left);
            }
            return opened;
        }

        private static void use(Region region) throws InterruptedException {
            for (int i = 0; i < 20; i++) {
                SharedLock lock = region.lock("lock " + i);
                if (lock.tryLock(Duration.ofMillis(1))) lock.unlock();
                lock.owner();
                region.longValue("value " + i, 1).incrementAndGet();
            }
            region.record("record", Pair.class).set(new Pair(1, 2));
            region.record("record", Pair.class).get();
            region.doubleArray("array", 1000).set(999, 1);
            region.block("block", 10_000).segment().fill((byte) 1);
            region.objects();
            region.processes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WORDS", "BITS", "TRUNCATION", "NOISE"})
    void damagedFiles_areRefused_orUsed_butNothingCrashes(String damage) throws Exception {
        long seed = Stage.random("damage " + damage).nextInt();
        ChildJvm child = stage.start(Launch.PLAIN, Verbs.class, "openDamaged", damage, seed, CASES);
        for (int i = 0; i < CASES; i++) child.expect("case " + i);
        System.out.println(damage + ": " + child.hear() + " of " + CASES);
        child.joinWell();
    }
}
