package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;

    @BeforeEach
    void nameTheDirectory() {
        here = RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
    }

    @Test
    void open_makesARegionThatStaysWhenItIsClosed() {
        try (Region region = Region.open("orders", here)) {
            region.longValue("count", 5).incrementAndGet();
        }
        try (Region region = Region.open("orders", here)) {
            assertThat(region.longValue("count", 5).get()).isEqualTo(6);
        }
    }

    @Test
    void open_ofOneNameTwiceInOneJvm_sharesMemory() {
        try (Region one = Region.open("orders", here);
                Region two = Region.open("orders", here)) {
            one.intValue("n", 1).set(42);

            assertThat(two.intValue("n", 1).get()).isEqualTo(42);
            assertThat(two.path()).isEqualTo(one.path());
        }
    }

    @Test
    void close_ofOneHandle_leavesTheOther() {
        try (Region two = Region.open("orders", here)) {
            SharedInt stays;
            try (Region one = Region.open("orders", here)) {
                stays = two.intValue("n", 7);
                assertThat(one.intValue("n", 0).get()).isEqualTo(7);
            }
            assertThat(stays.incrementAndGet()).isEqualTo(8);
            assertThat(two.isClosed()).isFalse();
            assertThat(two.processes()).hasSize(1);
        }
    }

    @Test
    void create_refusesANameThatIsTaken() {
        try (Region region = Region.create("orders", here)) {
            assertThat(region.name()).isEqualTo("orders");
            assertThatThrownBy(() -> Region.create("orders", here))
                    .isInstanceOf(RegionExistsException.class)
                    .hasMessageContaining("'orders' exists already")
                    .hasMessageContaining("Region.attach");
        }
    }

    @Test
    void create_afterAFailedCreate_isNotInTheWay() {
        assertThatThrownBy(() -> Region.attach("orders", here))
                .isInstanceOf(RegionNotFoundException.class);
        try (Region region = Region.create("orders", here)) {
            assertThat(Files.exists(region.path())).isTrue();
        }
    }

    @Test
    void attach_refusesANameThatIsNotThere_andLeavesNothing() throws Exception {
        assertThatThrownBy(() -> Region.attach("orders", here))
                .isInstanceOf(RegionNotFoundException.class)
                .hasMessageContaining("'orders'")
                .hasMessageContaining(directory.toString());
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void attach_findsWhatAnotherOpeningMade() {
        try (Region made = Region.create("orders", here);
                Region attached = Region.attach("orders", here)) {
            made.booleanValue("flag", true);
            assertThat(attached.booleanValue("flag", false).get()).isTrue();
        }
    }

    @Test
    void attach_keepsTheCreatorsLimit() {
        try (Region made = Region.create("orders", here);
                Region attached = Region.attach("orders", here.maxBytes(1L << 40))) {
            assertThat(made.path()).hasSize(1 << 20);
            assertThatThrownBy(() -> attached.byteArray(2 << 20))
                    .isInstanceOf(RegionFullException.class);
        }
    }

    @Test
    void temporary_regionsAreDistinct_andLeaveNothingBehind() throws Exception {
        try (Region one = Region.temporary(here);
                Region two = Region.temporary(here)) {
            assertThat(one.name()).isNotEqualTo(two.name());
            one.intValue("n", 1);
            two.block("b", 100);
            assertThat(Region.list(directory))
                    .extracting(RegionInfo::name)
                    .contains(one.name(), two.name());
        }
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void temporary_inTheUsersOwnDirectory_isListedWhileItIsOpen() {
        Region region = Region.temporary();
        try (region) {
            assertThat(Region.list()).extracting(RegionInfo::path).contains(region.path());
        }
        assertThat(Region.list()).extracting(RegionInfo::path).doesNotContain(region.path());
        assertThat(region.path()).doesNotExist();
    }

    @Test
    void list_tellsNamePathMemoryAndProcesses_byName() {
        try (Region b = Region.open("b", here);
                Region a = Region.open("a", here.maxBytes(10 << 20))) {
            b.intValue("n", 1);
            try (Region c = Region.open("c", here)) {
                assertThat(c.name()).isEqualTo("c");
            }

            assertThat(Region.list(directory))
                    .extracting(
                            RegionInfo::name,
                            RegionInfo::path,
                            RegionInfo::maxBytes,
                            RegionInfo::processes)
                    .containsExactly(
                            tuple("a", a.path(), 10L << 20, 1),
                            tuple("b", b.path(), 1L << 20, 1),
                            tuple("c", directory.resolve("c"), 1L << 20, 0));
            assertThat(Region.list(directory))
                    .allSatisfy(region ->
                            assertThat(region.usedBytes()).isBetween(1L << 16, region.maxBytes()));
        }
    }

    @Test
    void list_ofAnAbsentDirectory_isEmpty_andIgnoresWhatIsNoRegion() throws Exception {
        assertThat(Region.list(directory.resolve("absent"))).isEmpty();
        Files.writeString(directory.resolve("notes"), "not a region");
        Files.createDirectory(directory.resolve("sub"));
        assertThat(Region.list(directory)).isEmpty();
    }

    @Test
    void unlink_removesTheName_whileWhoHasItOpenGoesOn() {
        try (Region old = Region.open("orders", here)) {
            SharedInt value = old.intValue("n", 1);
            old.unlink();

            assertThatThrownBy(() -> Region.attach("orders", here))
                    .isInstanceOf(RegionNotFoundException.class);
            assertThat(value.incrementAndGet()).isEqualTo(2);
            assertThat(old.intValue("other", 3).get()).isEqualTo(3);
            try (Region fresh = Region.create("orders", here)) {
                assertThat(fresh.objects()).isEmpty();
            }
        }
    }

    @Test
    void unlink_twice_saysSo_andNeverRemovesANewerRegionOfTheSameName() {
        try (Region old = Region.open("orders", here)) {
            old.unlink();
            assertThatThrownBy(old::unlink)
                    .isInstanceOf(RegionNotFoundException.class)
                    .hasMessageContaining("unlinked already");
            try (Region fresh = Region.create("orders", here)) {
                assertThatThrownBy(old::unlink)
                        .isInstanceOf(RegionNotFoundException.class)
                        .hasMessageContaining("another one has its name");
                assertThat(fresh.path()).exists();
            }
        }
    }

    @Test
    void unlink_byName_needsNoOpening() throws Exception {
        try (Region region = Region.open("orders", here)) {
            region.block("raw", 10);
        }
        Region.unlink("orders", here);

        assertThatThrownBy(() -> Region.unlink("orders", here))
                .isInstanceOf(RegionNotFoundException.class);
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void close_twice_doesNothing() {
        Region region = Region.open("orders", here);
        try (Region other = Region.open("orders", here)) {
            region.close();
            region.close();
            assertThat(region.isClosed()).isTrue();
            assertThat(other.processes()).hasSize(1);
        }
        assertThat(Region.list(directory).getFirst().processes()).isZero();
    }

    @Test
    void close_whileAThreadUsesTheMemoryInASystemCall_leavesTheRegionAllTheSame() throws Exception {
        Region region = Region.open("orders", here);
        var segment = region.byteArray("bytes", 16).segment();
        var pipe = Pipe.open();
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                assertThat(pipe.source().read(segment.asByteBuffer()))
                                        .isEqualTo(-1);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        try {
            while (reader.getState() != Thread.State.RUNNABLE) Thread.onSpinWait();
            Thread.sleep(50); // it is in read(2) now, which no state of a thread tells
            assertThatThrownBy(region::close).isInstanceOf(IllegalStateException.class);
            assertThat(region.isClosed()).isTrue();
            assertThat(Region.list(directory).getFirst().processes()).isZero();
        } finally {
            pipe.sink().close();
            reader.join();
        }
    }

    @Test
    void close_whileAThreadWaitsForALock_makesThatThrow() throws Exception {
        Region region = Region.open("orders", here);
        SharedLock lock = region.lock("l");
        lock.lock();
        var waiting = new FutureTask<Boolean>(() -> lock.tryLock(Duration.ofMinutes(1)));
        Thread.ofPlatform().daemon().start(waiting);
        Thread.sleep(
                100); // it sleeps in the kernel now, which no state of a thread tells; too early
        // would do as well
        region.close();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void close_withALockHeld_abandonsTheLock() {
        try (Region region = Region.open("orders", here)) {
            region.lock("l").lock();
        }
        try (Region region = Region.open("orders", here)) {
            SharedLock lock = region.lock("l");
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.isAbandoned()).isTrue();
            lock.markConsistent();
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @Test
    void close_withALockHeld_leavesItHeld_ifTheProcessHasTheRegionOpenElsewhere() {
        try (Region stays = Region.open("orders", here)) {
            SharedLock lock = stays.lock("l");
            try (Region region = Region.open("orders", here)) {
                region.lock("l").lock();
            }
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            lock.unlock();
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @Test
    void options_areNotChangedByWhatTheyWereMadeFrom() {
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");
        var options = new RegionOptions(1 << 20, directory, permissions);
        permissions.add(PosixFilePermission.OTHERS_WRITE);
        assertThat(options.permissions()).doesNotContain(PosixFilePermission.OTHERS_WRITE);
        assertThatThrownBy(() -> options.permissions("rwx"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void objects_areListedInTheOrderOfTheirMaking() {
        try (Region region = Region.temporary(here)) {
            region.lock("l");
            region.longArray("a", 10);
            region.block("b", 100);
            region.intValue(5);

            assertThat(region.objects())
                    .extracting(ObjectInfo::name, ObjectInfo::type, ObjectInfo::length)
                    .containsExactly(
                            tuple("l", "SharedLock", 1L),
                            tuple("a", "SharedLongArray", 10L),
                            tuple("b", "SharedBlock", 100L),
                            tuple("", "SharedInt", 1L));
            assertThat(region.objects())
                    .allSatisfy(object -> assertThat(object.sizeBytes()).isPositive());
        }
    }

    @Test
    void processes_tellsOfThisOneOnce() {
        try (Region region = Region.temporary(here);
                Region again = Region.temporary(here)) {
            assertThat(region.processes()).hasSize(1);
            ProcessInfo self = again.processes().getFirst();
            assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(self.name()).isNotEmpty();
            assertThat(self.since()).isBeforeOrEqualTo(Instant.now());
        }
    }

    @Test
    void getOrCreate_by16Threads_makesOneObject() throws Exception {
        try (Region one = Region.open("orders", here);
                Region two = Region.open("orders", here)) {
            List<SharedLong> handles =
                    Concurrently.call(
                            16,
                            thread -> {
                                SharedLong value =
                                        (thread % 2 == 0 ? one : two).longValue("shared", 100);
                                value.incrementAndGet();
                                return value;
                            });

            assertThat(new HashSet<>(handles)).hasSize(1);
            assertThat(handles.getFirst().get()).isEqualTo(116);
            assertThat(one.objects()).hasSize(1);
        }
    }

    @Test
    void open_by16ThreadsAtOnce_makesOneRegion() throws Exception {
        List<Region> regions = Concurrently.call(16, _ -> Region.open("orders", here));
        try {
            regions.forEach(region -> region.intValue("n", 0).incrementAndGet());
            assertThat(regions.getFirst().intValue("n", 0).get()).isEqualTo(16);
            assertThat(regions.getFirst().processes()).hasSize(1);
        } finally {
            regions.forEach(Region::close);
        }
    }

    @Test
    void openAndClose_by8ThreadsManyTimes_leavesASoundRegion() throws Exception {
        Concurrently.run(
                8,
                thread -> {
                    for (int i = 0; i < 30; i++) {
                        try (Region region = Region.open("orders", here)) {
                            region.longValue("sum", 0).getAndAdd(thread);
                        }
                    }
                });
        try (Region region = Region.attach("orders", here)) {
            assertThat(region.longValue("sum", 0).get()).isEqualTo(30 * 28);
        }
    }

    @Test
    void twentyThousandLocks_areAllFound() {
        try (Region region = Region.temporary(here.maxBytes(16 << 20))) {
            for (int i = 0; i < 20_000; i++) region.lock("lock-" + i);

            assertThat(region.objects()).hasSize(20_000);
            for (int i = 0; i < 20_000; i += 7) {
                SharedLock lock = region.lock("lock-" + i);
                assertThat(lock.tryLock()).isTrue();
                assertThat(lock.token()).isEqualTo(1);
                lock.unlock();
            }
            assertThat(region.objects()).hasSize(20_000);
        }
    }

    @Test
    void files_areForTheOwnerAlone_unlessTheOptionsSayOtherwise() throws Exception {
        try (Region own = Region.open("own", here);
                Region group = Region.open("group", here.permissions("rw-rw----"))) {
            SharedBlock block = group.block("b", 10);
            assertThat(Files.getPosixFilePermissions(own.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getPosixFilePermissions(group.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
            assertThat(Files.getPosixFilePermissions(block.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        }
    }

    @Test
    void directory_isMadeIfItIsAbsent_forTheOwnerAlone_andStays() throws Exception {
        Path deep = directory.resolve("a/b");
        try (Region region = Region.open("orders", here.directory(deep))) {
            assertThat(region.path()).isEqualTo(deep.resolve("orders"));
            assertThat(Files.getPosixFilePermissions(deep))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            region.unlink();
        }
        assertThat(deep).exists();
    }

    @Test
    void aSymbolicLink_isNotFollowed() throws Exception {
        try (Region region = Region.open("real", here)) {
            Files.createSymbolicLink(directory.resolve("link"), region.path());
            assertThatThrownBy(() -> Region.open("link", here))
                    .isInstanceOf(RegionAccessException.class)
                    .hasMessageContaining("symbolic link");
        }
    }

    @Test
    void aFileThatIsNoRegion_isRefusedAndLeftAsItIs() throws Exception {
        Path file = Files.write(directory.resolve("junk"), new byte[8192]);
        assertThatThrownBy(() -> Region.open("junk", here))
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasBinaryContent(new byte[8192]);
        Region.unlink("junk", here);
        assertThat(file).doesNotExist();
    }

    @Test
    void aTruncatedRegion_isRefused() throws Exception {
        Path file;
        try (Region region = Region.open("orders", here)) {
            file = region.path();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(5000);
        }
        assertThatThrownBy(() -> Region.open("orders", here))
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining("5000");
    }

    @Test
    void aRegionWhoseObjectsEndBetweenTwoWords_isRefused_alsoWhenItIsOpen() throws Exception {
        int heapEndAt = 72; // see Layout
        try (Region region = Region.open("orders", here)) {
            region.intValue("first", 1);
            try (var file = new RandomAccessFile(region.path().toFile(), "rw")) {
                file.seek(heapEndAt);
                int lowest = file.read();
                file.seek(heapEndAt);
                file.write(lowest ^ 4);
            }
            assertThatThrownBy(() -> region.lock("another"))
                    .isInstanceOf(RegionCorruptException.class);
        }
        assertThatThrownBy(() -> Region.open("orders", here))
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining("objects up to");
    }

    @Test
    void toString_namesTheRegion_alsoWhenItIsClosed() {
        Region region = Region.open("orders", here);
        assertThat(region).hasToString("Region 'orders'");
        region.close();
        assertThat(region).hasToString("Region 'orders', closed");
        assertThat(region.name()).isEqualTo("orders");
    }
}
