package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The cells of a process that leaves. */
class WaitCellsTest {
    private static final long LOCK = 1024;

    private final ArrayWords words = new ArrayWords(ArrayCells.BYTES);
    private final ArrayCells memory = ArrayCells.in(words);
    private final WaitCells cells = memory.cells(0);

    private long enterAndBeAsked() {
        long cell = cells.enter(WaitCell.Kind.LOCK, LOCK, 1, 0);
        cells.ask(words, Objects.requireNonNull(cells.first(LOCK)));
        return cell;
    }

    @Test
    void aMemberThatIsAsked_answers() {
        long cell = enterAndBeAsked();
        cells.answer(cell);
        assertThat(cells.hasAnswered(cell)).isTrue();
        assertThat(memory.reports).hasValue(1);
    }

    @Test
    void whoHasLeft_answersNothing_andMakesNoMemory() {
        long cell = enterAndBeAsked();
        cells.close();
        cells.answer(cell);
        assertThat(cells.hasAnswered(cell)).isFalse();
        assertThat(memory.reports).hasValue(0);
    }
}
