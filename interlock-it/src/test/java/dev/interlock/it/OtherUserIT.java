package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.RegionAccessException;
import dev.interlock.RegionOptions;
import dev.interlock.SharedLock;
import dev.interlock.it.ChildJvm.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes of two users: they share a region if its permissions say so, and keep out of each other's otherwise. */
class OtherUserIT {
    private static final Launch OTHER_USER =
            Launch.INTERPRETED.behind("runuser", "-u", "nobody", "--");

    @RegisterExtension final Stage stage = new Stage();

    static final class Verbs {
        private static RegionOptions options(Child me) {
            return me.options().permissions(me.arg(0));
        }

        static void obey(Child me) throws Exception {
            Region region = Region.open("r", options(me));
            SharedLock lock = region.lock("l");
            me.say("ready");
            while (true) {
                switch (me.hear()) {
                    case "lock" -> {
                        lock.lock();
                        me.say("locked, abandoned: " + lock.isAbandoned());
                    }
                    case "unlock" -> {
                        lock.unlock();
                        me.say("unlocked");
                    }
                    case "leave" -> {
                        region.close();
                        me.say("left");
                        return;
                    }
                    case String other -> throw new IllegalArgumentException(other);
                }
            }
        }

        static void plant(Child me) throws IOException {
            for (String file : me.args()) Files.createFile(me.directory().resolve(file));
        }

        static void tryToOpen(Child me) {
            try (Region region = Region.open("r", options(me))) {
                me.say("opened " + region);
            } catch (RuntimeException e) {
                me.say(e.getClass().getSimpleName());
            }
        }
    }

    @BeforeEach
    void letOthersIn() throws Exception {
        assumeTrue(canBecomeNobody(), "this user may not start processes of others (runuser)");
        Files.setPosixFilePermissions(
                stage.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setAttribute(stage.directory(), "unix:mode", 01777);
    }

    private static boolean canBecomeNobody() throws InterruptedException {
        try {
            String classes =
                    Path.of(
                                    OtherUserIT.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .getPath())
                            .toString();
            return new ProcessBuilder("runuser", "-u", "nobody", "--", "test", "-r", classes)
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aRegionForAll_isSharedByUsers_andTheirDeathsAreNoticed() throws Exception {
        ChildJvm other = stage.start(OTHER_USER, Verbs.class, "obey", "rw-rw-rw-");
        other.expect("ready").say("lock");
        other.expect("locked, abandoned: false");
        RegionOptions options = stage.options().permissions("rw-rw-rw-");
        try (Region region = Region.open("r", options)) {
            SharedLock lock = region.lock("l");
            assertThat(lock.tryLock(Duration.ofMillis(300))).isFalse();
            other.say("unlock");
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            other.expect("unlocked").say("lock");
            lock.unlock();
            other.expect("locked, abandoned: false");
            other.kill();
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            assertThat(lock.isAbandoned()).isTrue();
            lock.markConsistent();

            other = stage.start(OTHER_USER, Verbs.class, "obey", "rw-rw-rw-").expect("ready");
            lock.unlock();
            other.say("leave");
            other.expect("left").joinWell();
            assertThat(region.processes()).hasSize(1);
            region.unlink();
        }
    }

    /** A lock can be taken through any descriptor, so who may not use a region must not even open one of its files. */
    @Test
    void aRegionOfOneUser_hasNoFileThatOthersMayOpen() throws Exception {
        try (Region region = stage.open("r")) {
            region.block("b", 100);
            region.lock("l").tryLock();
            assertThat(stage.files()).hasSize(4); // region, join lock, liveness, block
            for (String file : stage.files()) {
                assertThat(Files.getPosixFilePermissions(stage.directory().resolve(file)))
                        .as(file)
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
            region.unlink();
        }
    }

    @Test
    void filesThatAnotherUserPutThere_areRefusedOrLeftAlone() throws Exception {
        stage.start(OTHER_USER, Verbs.class, "plant", "r~lock", "~tmp-1").joinWell();
        assertThatThrownBy(() -> stage.open("r"))
                .isInstanceOf(RegionAccessException.class)
                .hasMessageContaining("r~lock")
                .hasMessageContaining("belongs to user");
        stage.open("other").unlink();
        for (String file : stage.files()) Files.delete(stage.directory().resolve(file));
    }

    @Test
    void aRegionOfAnotherUser_isRefused() throws Exception {
        try (Region region = stage.open("r")) {
            stage.start(OTHER_USER, Verbs.class, "tryToOpen", "rw-------")
                    .expect("RegionAccessException")
                    .joinWell();
            stage.start(OTHER_USER, Verbs.class, "tryToOpen", "rw-rw-rw-")
                    .expect("RegionAccessException")
                    .joinWell();
            assertThat(region.processes()).hasSize(1);
            region.unlink();
        }
    }
}
