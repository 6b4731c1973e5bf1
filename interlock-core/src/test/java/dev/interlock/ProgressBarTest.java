package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a progress bar prints. */
class ProgressBarTest {
    private static final boolean ON_TERMINAL = true;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ProgressBar bar(boolean isTerminal, int columns) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new ProgressBar("work ", out, isTerminal, columns);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Progress at(long done, long failed, long total, int seconds, boolean hasEnded) {
        return new Progress(done, failed, total, Duration.ofSeconds(seconds), hasEnded);
    }

    @Test
    void onATerminal_itIsOneLine_asWideAsTheTerminalButForTheLastColumn() {
        bar(ON_TERMINAL, 60).accept(at(50, 0, 200, 5, false));
        String text = "\rwork 25% 50/200 10/s 0:15 left [";
        assertThat(printed()).startsWith(text).endsWith("]").hasSize(60);
        String bar = printed().substring(text.length(), printed().length() - 1);
        assertThat(bar).matches("#+-+");
        assertThat(bar.lastIndexOf('#') + 1).isEqualTo(bar.length() / 4);
    }

    @Test
    void aShorterLine_leavesNothingOfALongerOne() {
        ProgressBar bar = bar(ON_TERMINAL, 20);
        bar.accept(at(1_000_000, 0, -1, 10, false));
        bar.accept(at(7, 0, -1, 10, false));
        assertThat(printed()).isEqualTo("\rwork 1000000 done 1\rwork 7 done 0.7/s  ");
    }

    @Test
    void theEnd_wipesTheBar_andLeavesALine() {
        ProgressBar bar = bar(ON_TERMINAL, 40);
        bar.accept(at(1, 0, -1, 1, false));
        bar.accept(at(8, 1, 10, 3700, true));
        String first = "work 1 done 1.0/s";
        assertThat(printed())
                .isEqualTo(
                        "\r"
                                + first
                                + "\r"
                                + " ".repeat(first.length())
                                + "\rwork 8/10, 1 failed 0.0/s in 1:01:40"
                                + System.lineSeparator());
    }

    @Test
    void elsewhere_thereIsALineEveryTenSeconds_andOneAtTheEnd() {
        ProgressBar bar = bar(!ON_TERMINAL, 80);
        for (int second : List.of(1, 9, 10, 11, 19, 20))
            bar.accept(at(second, 0, 40, second, false));
        bar.accept(at(40, 0, 40, 40, true));
        assertThat(printed().lines())
                .containsExactly(
                        "work 25% 10/40 1.0/s 0:30 left",
                        "work 50% 20/40 1.0/s 0:20 left", "work 40/40 1.0/s in 0:40");
        assertThat(printed()).doesNotContain("\r");
    }

    @Test
    void nothingDone_hasNoRateAndNoRemainingTime() {
        bar(ON_TERMINAL, 30).accept(at(0, 0, 0, 0, false));
        bar(ON_TERMINAL, 30).accept(at(0, 0, 5, 0, false));
        assertThat(printed()).startsWith("\rwork 0/0 0.0/s\rwork 0% 0/5 0.0/s");
    }

    @Test
    void columns_comeFromTheVariable_ifItIsANumber() {
        assertThat(ProgressBar.columns("132")).isEqualTo(132);
        assertThat(ProgressBar.columns(null)).isEqualTo(80);
        assertThat(ProgressBar.columns("")).isEqualTo(80);
        assertThat(ProgressBar.columns("-1")).isEqualTo(80);
    }
}
