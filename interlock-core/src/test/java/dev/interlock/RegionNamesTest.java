package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionNamesTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here() {
        return RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "../x", "a/b", "/a", "~x", ".x", "-x", "_x", "a b", "a\0b", "a~b",
                "naïve", "注文", "a\n"
            })
    void aRegion_cannotHaveTheName(String name) throws Exception {
        assertThatThrownBy(() -> Region.open(name, here()))
                .isInstanceOf(RegionNameException.class)
                .hasMessageContaining("A-Z, a-z, 0-9");
        assertThatThrownBy(() -> Region.create(name, here()))
                .isInstanceOf(RegionNameException.class);
        assertThatThrownBy(() -> Region.attach(name, here()))
                .isInstanceOf(RegionNameException.class);
        assertThatThrownBy(() -> Region.unlink(name, here()))
                .isInstanceOf(RegionNameException.class);
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aRegion_cannotHaveANameOf300Characters() {
        assertThatThrownBy(() -> Region.open("x".repeat(300), here()))
                .isInstanceOf(RegionNameException.class)
                .hasMessageContaining("300 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "Orders-2.0_x", "a..b", "a.lock"})
    void aRegion_canHaveTheName(String name) {
        try (Region region = Region.open(name, here())) {
            assertThat(region.name()).isEqualTo(name);
            assertThat(Region.list(directory)).extracting(RegionInfo::name).containsExactly(name);
        }
    }

    @Test
    void aRegion_canHaveANameOf100Characters_withEverythingInIt() {
        String name = "n".repeat(100);
        try (Region region = Region.open(name, here())) {
            assertThat(region.block("b", 10).path()).exists();
            assertThat(region.lock("l").tryLock()).isTrue();
            region.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "../x", "~", "naïve", "注文", "🔒", "'quoted'"})
    void anObject_canHaveTheName(String name) {
        try (Region region = Region.temporary(here())) {
            SharedInt value = region.intValue(name, 1);
            value.set(2);

            assertThat(region.intValue(name, 1).get()).isEqualTo(2);
            assertThat(region.objects()).extracting(ObjectInfo::name).containsExactly(name);
            assertThat(value.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\0", "\u007f", "\u0085"})
    void anObject_cannotHaveControlCharactersInItsName(String name) {
        try (Region region = Region.temporary(here())) {
            assertThatThrownBy(() -> region.lock(name))
                    .isInstanceOf(RegionNameException.class)
                    .hasMessageContaining("control character");
        }
    }

    @Test
    void anObject_cannotHaveHalfACharacterInItsName() {
        try (Region region = Region.temporary(here())) {
            assertThatThrownBy(() -> region.lock("a\ud800b"))
                    .isInstanceOf(RegionNameException.class)
                    .hasMessageContaining("index 1");
            assertThatThrownBy(() -> region.lock("a\udc00"))
                    .isInstanceOf(RegionNameException.class);
        }
    }

    @Test
    void anObject_cannotHaveAnEmptyName() {
        try (Region region = Region.temporary(here())) {
            assertThatThrownBy(() -> region.lock(""))
                    .isInstanceOf(RegionNameException.class)
                    .hasMessageContaining("Leave it out");
        }
    }

    @Test
    void anObject_canHaveANameOf200Bytes_butNotOf201() {
        try (Region region = Region.temporary(here())) {
            region.lock("é".repeat(100));
            assertThatThrownBy(() -> region.lock("é".repeat(100) + "x"))
                    .isInstanceOf(RegionNameException.class)
                    .hasMessageContaining("201 bytes")
                    .hasMessageContaining("200");
            assertThat(region.objects()).hasSize(1);
        }
    }

    @Test
    void anObject_withoutAName_isAlwaysNew() {
        try (Region region = Region.temporary(here())) {
            assertThat(region.intValue(1)).isNotEqualTo(region.intValue(1));
            assertThat(region.intValue(1).name()).isEmpty();
            assertThat(region.objects()).hasSize(3);
        }
    }
}
