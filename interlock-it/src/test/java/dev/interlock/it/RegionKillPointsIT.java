package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.LockOptions;
import dev.interlock.ObjectInfo;
import dev.interlock.OwnerDeathPolicy;
import dev.interlock.Region;
import dev.interlock.RegionInfo;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed before every single step of making, joining, filling, leaving and removing a region. */
class RegionKillPointsIT {
    /** Who is there when the victim dies. */
    enum Company {
        /** Nobody; the next opener has to repair. */
        NOBODY,
        /** A living member. */
        MEMBER
    }

    static final class Verbs {
        static void openNew(Child me) {
            me.armHere();
            me.open("r");
            me.completed();
        }

        static void join(Child me) {
            me.armHere();
            me.open("r");
            me.completed();
        }

        static void openTemporary(Child me) {
            me.armHere();
            Region.temporary(me.options());
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void closeTemporary(Child me) {
            Region region = Region.temporary(me.options());
            region.block("block", 1000).byteBuffer().put(0, (byte) 1);
            me.armHere();
            region.close();
            me.completed();
        }

        static void make(Child me) {
            Region region = me.open("r");
            region.objects();
            me.armHere();
            make(region, me.arg(1));
            me.completed();
        }

        static void close(Child me) {
            Region region = me.open("r");
            region.lock("first").tryLock();
            region.lock("first").unlock();
            me.armHere();
            region.close();
            me.completed();
        }

        static void closeHolding(Child me) {
            Region region = me.open("r");
            region.lock("first").lock();
            me.armHere();
            region.close();
            me.completed();
        }

        static void unlink(Child me) {
            Region region = me.open("r");
            region.block("block", 1000);
            me.armHere();
            region.unlink();
            me.completed();
        }

        static void make(Region region, String what) {
            switch (what) {
                case "lock" -> region.lock("new", LockOptions.onOwnerDeath(OwnerDeathPolicy.THROW));
                case "long" -> assertThatIs(region.longValue("new", 4711).get(), 4711L);
                case "boolean" -> assertThatIs(region.booleanValue("new", true).get(), true);
                case "shorts" -> assertThatIs(region.shortArray("new", 100).get(99), (short) 0);
                case "doubles" -> assertThatIs(region.doubleArray("new", 100).get(99), 0.0);
                case "record" ->
                        assertThatIs(region.record("new", Pair.class).get(), new Pair(0, 0));
                case "block" -> {
                    var block = region.block("new", 100_000);
                    for (int i = 0; i < 100_000; i++)
                        assertThatIs(block.byteBuffer().get(i), (byte) 0);
                }
                case "growth" -> {
                    var array = region.longArray("new", 100_000);
                    for (int i = 0; i < 100_000; i++) assertThatIs(array.get(i), 0L);
                }
                default -> throw new IllegalArgumentException(what);
            }
        }

        /* Children have no test libraries. */
        private static void assertThatIs(Object actual, Object expected) {
            if (!actual.equals(expected))
                throw new AssertionError("it is " + actual + ", not " + expected);
        }
    }

    /** Two numbers. */
    public record Pair(long a, long b) {}

    private static Scenario sound(Company company) {
        return new Scenario() {
            @Override
            public void before(Case scene) throws Exception {
                try (Region region = Region.open("r", scene.options())) {
                    region.lock("first");
                }
                if (company == Company.MEMBER) scene.join("r");
            }

            @Override
            public void after(Case scene) throws Exception {
                scene.requireSound("r");
            }
        };
    }

    @Test
    void creatorIsKilled_nextOpenerMakesOrFindsTheRegion() throws Exception {
        KillPointRun.everyStep(Verbs.class, "openNew", scene -> scene.requireSound("r"));
    }

    @ParameterizedTest
    @EnumSource
    void joinerIsKilled_othersDoNotNotice(Company company) throws Exception {
        KillPointRun.everyStep(Verbs.class, "join", sound(company));
    }

    @Test
    void creatorOfATemporaryRegionIsKilled_nothingIsLeft() throws Exception {
        KillPointRun.everyStep(Verbs.class, "openTemporary", Case::requireEmpty);
    }

    @Test
    void lastMemberOfATemporaryRegionIsKilledLeaving_nothingIsLeft() throws Exception {
        KillPointRun.everyStep(Verbs.class, "closeTemporary", Case::requireEmpty);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "block", "growth"})
    void creatorOfAnObjectIsKilledAlone_nextOpenerMakesOrFindsIt(String what) throws Exception {
        makeAndKill(what, Company.NOBODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "block", "growth"})
    void creatorOfAnObjectIsKilled_survivorMakesOrFindsIt(String what) throws Exception {
        makeAndKill(what, Company.MEMBER);
    }

    /* To the steps, types differ in how large they are, and in whether they begin with a value. */
    @ParameterizedTest
    @ValueSource(strings = {"long", "boolean", "shorts", "doubles", "record"})
    void creatorOfASmallObjectIsKilled_survivorMakesOrFindsIt(String what) throws Exception {
        makeAndKill(what, Company.MEMBER);
    }

    private static void makeAndKill(String what, Company company) throws Exception {
        Scenario scenario =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        sound(company).before(scene);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            Verbs.make(region, what);
                            assertThat(region.objects())
                                    .extracting(ObjectInfo::name)
                                    .containsExactly("first", "new");
                            requireHonestBooks(region);
                        }
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, "make", scenario, what);
    }

    /* The file of a block that never became an object would be memory that nobody knows of. */
    @Test
    void creatorOfABlockIsKilled_itsFileGoesWhenSomebodyMakesAnything() throws Exception {
        Scenario scenario =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        sound(Company.MEMBER).before(scene);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            region.lock("another");
                            requireHonestBooks(region);
                        }
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, "make", scenario, "block");
    }

    /* What the region says that it takes must be what its files take, or deaths would eat up its limit. */
    private static void requireHonestBooks(Region region) throws Exception {
        RegionInfo info =
                Region.list(requireNonNull(region.path().getParent())).stream()
                        .filter(each -> each.name().equals("r"))
                        .findFirst()
                        .orElseThrow();
        long blocks = 0;
        try (Stream<java.nio.file.Path> files = Files.list(region.path().getParent())) {
            for (java.nio.file.Path file : files.toList())
                if (file.toString().contains("~block-")) blocks += Files.size(file);
        }
        try (RawRegion raw = new RawRegion(region.path())) {
            assertThat(info.usedBytes() - raw.get(64)).as("bytes in blocks").isEqualTo(blocks);
            assertThat(raw.get(88)).as("objects").isEqualTo(region.objects().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void leaverIsKilled_slotIsGivenBack(Company company) throws Exception {
        KillPointRun.everyStep(Verbs.class, "close", sound(company));
    }

    @ParameterizedTest
    @EnumSource
    void leaverThatOwnsALockIsKilled_lockIsFreeAndAbandoned(Company company) throws Exception {
        Scenario scenario =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        sound(company).before(scene);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            var lock = region.lock("first");
                            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
                            assertThat(lock.isAbandoned()).isTrue();
                            lock.markConsistent();
                            lock.unlock();
                        }
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, "closeHolding", scenario);
    }

    @ParameterizedTest
    @EnumSource
    void unlinkerIsKilled_regionIsThereOrGone(Company company) throws Exception {
        List<Case> cases =
                KillPointRun.everyStep(
                        Verbs.class,
                        "unlink",
                        new Scenario() {
                            @Override
                            public void before(Case scene) throws Exception {
                                sound(company).before(scene);
                            }

                            @Override
                            public void after(Case scene) throws Exception {
                                scene.requireSound("r");
                            }
                        });
        assertThat(cases).isNotEmpty();
    }
}
