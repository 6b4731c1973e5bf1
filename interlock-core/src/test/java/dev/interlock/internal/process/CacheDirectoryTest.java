package dev.interlock.internal.process;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
    @TempDir Path temporary;
    private CacheDirectory directory;
    private CacheKey key;

    @BeforeEach
    void prepare() throws IOException {
        directory = new CacheDirectory(temporary.resolve("above/interlock"));
        directory.prepare();
        key = key("a");
    }

    private static CacheKey key(String flag) {
        return new CacheKey(Path.of("library.jar"), List.of(flag), "made of " + flag);
    }

    private Path publish(CacheKey which) throws IOException {
        Files.writeString(directory.draft(), "the cache of " + which.text());
        Files.setPosixFilePermissions(directory.draft(), fromString("rw-------"));
        directory.publish(which);
        return directory.path().resolve(which.name() + ".aot");
    }

    private Path receipt(CacheKey which) {
        return directory.path().resolve(which.name() + ".ok");
    }

    @Test
    void whatWasPublished_isFound_byItsOwnKeyOnly() throws Exception {
        assertThat(directory.cache(key)).isNull();
        Path file = publish(key);
        assertThat(directory.cache(key)).isEqualTo(file);
        assertThat(directory.cache(key("b"))).isNull();
        assertThat(Files.getPosixFilePermissions(directory.path()))
                .isEqualTo(fromString("rwx------"));
    }

    @Test
    void aKeyWithTheSameName_butOtherContents_findsNothing() throws Exception {
        publish(key);
        Files.writeString(
                receipt(key), Files.readString(receipt(key)).replace("made of a", "made of z"));
        assertThat(directory.cache(key)).isNull();
    }

    @Test
    void aTruncatedCache_isNotUsed() throws Exception {
        Path file = publish(key);
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "the ca");
        Files.setLastModifiedTime(file, time);
        assertThat(directory.cache(key)).isNull();
    }

    @Test
    void aCacheWithoutAReceipt_isNotUsed_andRemoved() throws Exception {
        Path file = publish(key);
        Files.delete(receipt(key)); // as if the trainer had died between the two renames
        assertThat(directory.cache(key)).isNull();
        directory.collect();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatOthersMayWrite_isNotUsed() throws Exception {
        Path file = publish(key);
        Files.setPosixFilePermissions(file, fromString("rw-rw----"));
        assertThat(directory.cache(key)).isNull();
        Files.setPosixFilePermissions(file, fromString("rw-------"));
        assertThat(directory.cache(key)).isNotNull();
        Files.setPosixFilePermissions(directory.path(), fromString("rwxrwxrwx"));
        assertThat(directory.cache(key)).isNull();
        assertThatThrownBy(directory::prepare).hasMessageContaining("Others may write");
    }

    @Test
    void aLink_isNotUsed() throws Exception {
        Path file = publish(key);
        Path elsewhere = Files.move(file, temporary.resolve("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
        assertThat(directory.cache(key)).isNull();
    }

    @Test
    void aFailure_isRememberedForADay() throws Exception {
        assertThat(directory.hasFailed(key)).isFalse();
        directory.fail(key);
        assertThat(directory.hasFailed(key)).isTrue();
        Path note = directory.path().resolve(key.name() + ".failed");
        Files.setLastModifiedTime(note, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        assertThat(directory.hasFailed(key)).isFalse();
        directory.collect();
        assertThat(note).doesNotExist();
    }

    @Test
    void theCachesUsedLast_areKept_andTheWorkOfDeadTrainersIsNot() throws Exception {
        for (int i = 0; i < 18; i++) {
            publish(key("flag" + i));
            Files.setLastModifiedTime(
                    receipt(key("flag" + i)),
                    FileTime.from(Instant.now().minus(Duration.ofHours(50 - i))));
        }
        publish(key("idle"));
        Files.setLastModifiedTime(
                receipt(key("idle")), FileTime.from(Instant.now().minus(Duration.ofDays(31))));
        assertThat(directory.cache(key("flag2"))).isNotNull(); // which is a use
        Files.writeString(directory.draft(), "half a cache");
        Files.createFile(directory.lock());
        directory.collect();
        try (Stream<Path> files = Files.list(directory.path())) {
            assertThat(files).hasSize(2 * 16 + 1).contains(directory.lock());
        }
        assertThat(directory.cache(key("flag2"))).isNotNull();
        assertThat(directory.cache(key("flag17"))).isNotNull();
        assertThat(directory.cache(key("flag0"))).isNull();
        assertThat(directory.cache(key("idle"))).isNull();
    }

    private static CacheKey keyOf(Path jar, List<String> flags) {
        return Objects.requireNonNull(CacheKey.of(jar, flags));
    }

    @Test
    void aJarThatChanges_hasAnotherKey() throws Exception {
        Path jar = Files.writeString(temporary.resolve("library.jar"), "one");
        CacheKey before = keyOf(jar, List.of("--enable-preview"));
        FileTime time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "two");
        assertThat(before.isCurrent()).isFalse();
        assertThat(keyOf(jar, before.flags()).name()).isNotEqualTo(before.name());
        Files.writeString(jar, "one");
        Files.setLastModifiedTime(jar, time);
        assertThat(before.isCurrent()).isTrue();
        assertThat(CacheKey.of(temporary.resolve("absent.jar"), List.of())).isNull();
    }
}
