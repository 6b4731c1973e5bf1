package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.InterlockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir Path directory;

    @Test
    void aResultAndAnExit_areReadBack() throws Exception {
        Path file = directory.resolve("r");
        ReportWriter writer = new ReportWriter(file.toString(), file.toString());
        writer.result("done");
        writer.exit();
        Report report = Report.read(file, file);
        assertThat(report.exitedInOrder()).isTrue();
        assertThat(report.result()).isNotNull();
        assertThat(report.failure()).isNull();
    }

    @Test
    void anEntryThatWasCutOff_isNoEntry() throws Exception {
        Path file = directory.resolve("r");
        new ReportWriter(file.toString(), file.toString()).result("done");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(Report.read(file).result()).as("%d bytes", length).isNull();
        }
    }

    @Test
    void noFile_isAnEmptyReport() {
        Report report = Report.read(directory.resolve("absent"));
        assertThat(report.result()).isNull();
        assertThat(report.problem()).isNull();
    }

    @Test
    void ifThereIsNoRoom_theSpareFileIsUsed_forAllThatFollows() throws Exception {
        Path spare = directory.resolve("spare/r");
        ReportWriter writer = new ReportWriter("/dev/full", spare.toString());
        writer.result(new byte[100_000]);
        writer.exit();
        Report report = Report.read(spare);
        assertThat(report.result()).hasSizeGreaterThan(100_000);
        assertThat(report.exitedInOrder()).isTrue();
    }

    @Test
    void ifThereIsNoRoomAtAll_thatIsTheFailure() {
        ReportWriter writer = new ReportWriter("/dev/full", "/dev/full");
        assertThatThrownBy(() -> writer.result("x"))
                .isInstanceOf(InterlockException.class)
                .hasMessageContaining("no room")
                .hasMessageContaining("Region");
    }

    @Test
    void aReadOfAFileThatIsNoReport_doesNotFail() throws Exception {
        Path file =
                Files.write(
                        directory.resolve("r"),
                        new byte[] {9, 127, 0, 0, 0, 1},
                        StandardOpenOption.CREATE);
        assertThat(Report.read(file).result()).isNull();
    }
}
