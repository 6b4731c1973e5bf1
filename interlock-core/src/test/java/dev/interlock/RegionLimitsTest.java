package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionLimitsTest {
    private static final long MIB = 1 << 20;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions limit(long maxBytes) {
        return RegionOptions.defaults().directory(directory).maxBytes(maxBytes);
    }

    private static long takenBytes(Path file) throws Exception {
        Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
        String text =
                new String(
                        du.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }

    @Test
    void aRegion_growsUpToItsLimit_thenSaysWhatIsMissing_andStaysUsable() {
        try (Region region = Region.open("small", limit(MIB))) {
            List<SharedLongArray> arrays = new ArrayList<>();
            assertThatThrownBy(
                            () -> {
                                while (true)
                                    arrays.add(region.longArray("array-" + arrays.size(), 1000));
                            })
                    .isInstanceOf(RegionFullException.class)
                    .hasMessageContaining("'small' is full")
                    .hasMessageMatching(
                            "(?s).* 8\\d\\d\\d bytes are needed, \\d+ of its 1048576 are left.*")
                    .hasMessageContaining("maxBytes");

            assertThat(arrays).hasSizeBetween(90, 113);
            arrays.getLast().set(999, 5);
            assertThat(region.longArray("array-" + (arrays.size() - 1), 1000).get(999))
                    .isEqualTo(5);
            assertThat(region.objects()).hasSize(arrays.size());
            region.intValue("a little", 1).incrementAndGet();
            assertThat(region.intValue("a little", 1).get()).isEqualTo(2);
        }
    }

    @Test
    void aRegion_takesOnlyTheMemoryThatIsUsed() throws Exception {
        try (Region region = Region.open("large", limit(1L << 40))) {
            assertThat(Files.size(region.path())).isEqualTo(1L << 40);
            assertThat(takenBytes(region.path())).isLessThan(MIB);
            region.byteArray(10 * MIB);
            assertThat(takenBytes(region.path())).isBetween(10 * MIB, 20 * MIB);
        }
    }

    @Test
    void aBlock_countsTowardsTheLimit() {
        try (Region region = Region.open("blocks", limit(MIB))) {
            region.block("b", MIB / 2);
            assertThatThrownBy(() -> region.block("c", MIB / 2))
                    .isInstanceOf(RegionFullException.class)
                    .hasMessageContaining("524288 bytes are needed");
            assertThat(region.objects()).hasSize(1);
            assertThat(region.block("c", 1000).size()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4096, (256 << 10) - 1})
    void aLimit_canBeTooSmall(long maxBytes) {
        assertThatThrownBy(() -> Region.open("r", limit(maxBytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most " + maxBytes + " bytes")
                .hasMessageContaining("262144");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, (1L << 46) + 1})
    void aLimit_canBeTooLarge(long maxBytes) {
        assertThatThrownBy(() -> Region.open("r", limit(maxBytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most " + maxBytes + " bytes")
                .hasMessageContaining("map");
    }

    @Test
    void theSmallestLimit_holdsSomeObjects() {
        try (Region region = Region.open("r", limit(256 << 10))) {
            assertThat(region.longArray("a", 1000).length()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 8, (1L << 46) + 1})
    void aLength_canBeImpossible(long length) {
        try (Region region = Region.open("r", limit(MIB))) {
            assertThatThrownBy(() -> region.byteArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SharedByteArray of length " + length);
            assertThatThrownBy(() -> region.shortArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.intArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.longArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.floatArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.doubleArray("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.block("a", length))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(region.objects()).isEmpty();
        }
    }

    @Test
    void aLength_canBeMoreThanTheRegionHas() {
        try (Region region = Region.open("r", limit(MIB))) {
            assertThatThrownBy(() -> region.longArray("a", 1L << 43))
                    .isInstanceOf(RegionFullException.class);
            assertThatThrownBy(() -> region.byteArray("a", MIB))
                    .isInstanceOf(RegionFullException.class);
            assertThat(region.byteArray("a", MIB / 4).length()).isEqualTo(MIB / 4);
        }
    }

    @Test
    void memory_thatAFailedBlockLeftDirty_isZeroForTheNextObject() {
        try (Region region = Region.open("r", limit(MIB))) {
            assertThatThrownBy(() -> region.block("a name that stays behind", MIB))
                    .isInstanceOf(RegionFullException.class);
            assertThat(region.byteArray("a", 4096).toArray()).containsOnly(0);
        }
    }
}
