package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedBlockTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory).maxBytes(4 << 20);
        region = Region.open("blocks", here);
    }

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void aNewBlock_isZero_andItsFileHoldsTheseBytesAndNothingElse() throws Exception {
        SharedBlock block = region.block("b", 10_001);
        assertThat(block.size()).isEqualTo(10_001);
        assertThat(block.segment().byteSize()).isEqualTo(10_001);
        assertThat(Files.readAllBytes(block.path())).hasSize(10_001).containsOnly(0);
        assertThat(block.path()).hasParent(directory);
    }

    @Test
    void whoMapsTheFile_seesTheSameBytes_bothWays() throws Exception {
        SharedBlock block = region.block("b", 4096);
        try (var channel =
                FileChannel.open(block.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer mapped =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096)
                            .order(ByteOrder.nativeOrder());

            block.segment().set(ValueLayout.JAVA_LONG, 8, 42);
            assertThat(mapped.getLong(8)).isEqualTo(42);
            mapped.putInt(4092, -1);
            assertThat(block.segment().get(ValueLayout.JAVA_INT, 4092)).isEqualTo(-1);
        }
    }

    @Test
    void twoHandles_shareTheBytes() {
        SharedBlock one = region.block("b", 16);
        try (Region again = Region.open("blocks", here)) {
            SharedBlock two = again.block("b", 16);
            one.byteBuffer().putLong(8, 5);
            assertThat(two.byteBuffer().getLong(8)).isEqualTo(5);
            assertThat(two.byteBuffer().order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(two).isEqualTo(one);
            assertThat(two.path()).isEqualTo(one.path());
        }
    }

    @Test
    void accesses_areBoundsChecked() {
        SharedBlock block = region.block("b", 16);
        assertThatThrownBy(() -> block.segment().get(ValueLayout.JAVA_LONG, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> block.byteBuffer().getLong(9))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBlockOfNoBytes_works() {
        SharedBlock block = region.block("b", 0);
        assertThat(block.size()).isZero();
        assertThat(block.segment().byteSize()).isZero();
        assertThat(block.path()).isEmptyFile();
    }

    @Test
    void blocksWithoutNames_haveFilesOfTheirOwn() {
        assertThat(region.block(10).path()).isNotEqualTo(region.block(10).path());
    }

    @Test
    void itsFile_goesWithTheRegion_whileItsMappingStays() {
        SharedBlock block = region.block("b", 16);
        Path file = block.path();
        region.unlink();
        assertThat(file).doesNotExist();
        block.byteBuffer().putLong(0, 7);
        assertThat(block.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
    }

    @Test
    void anUnlinkedRegion_refusesBlocks_andLeavesThoseOfItsSuccessorAlone() {
        region.block("b", 16);
        region.unlink();
        assertThatThrownBy(() -> region.block("c", 16))
                .isInstanceOf(RegionNotFoundException.class)
                .hasMessageContaining("unlinked");
        try (Region successor = Region.create("blocks", here)) {
            SharedBlock theirs = successor.block("b", 16);
            theirs.byteBuffer().putLong(0, 99);

            assertThatThrownBy(() -> region.block("b", 16))
                    .isInstanceOf(RegionNotFoundException.class);
            region.block("d", 16);
            assertThat(Files.exists(theirs.path())).isTrue();
            assertThat(successor.block("b", 16).byteBuffer().getLong(0)).isEqualTo(99);
        }
    }

    @Test
    void aFileThatWasShortened_isNoticedBeforeItIsMapped() throws Exception {
        Path file = region.block("b", 4096).path();
        Files.write(file, new byte[10]);
        assertThatThrownBy(() -> region.block("b", 4096))
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining("10 bytes instead of 4096");
    }

    @Test
    void aFileThatWasRemoved_isMissedByName() throws Exception {
        Path file = region.block("b", 4096).path();
        Files.delete(file);
        assertThatThrownBy(() -> region.block("b", 4096))
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("removed");
    }

    @Test
    void toString_namesItAndItsSize() {
        assertThat(region.block("b", 16))
                .hasToString("SharedBlock 'b' in region 'blocks' of 16 bytes");
    }
}
