package dev.interlock.bench.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Results as text. */
public final class Tables {
    private static final int ENOUGH_FOR_P99 = 100;

    private final Charset charset;

    /** Text for a stream of that charset; what it cannot say is said in ASCII. */
    public Tables(Charset charset) {
        this.charset = charset;
    }

    /** The machine, one line for each thing. */
    public String machine(Map<String, String> machine) {
        int width = machine.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder();
        machine.forEach((label, value) ->
                text.append(label)
                        .repeat(' ', width - label.length() + 2)
                        .append(value)
                        .append('\n'));
        return encodable(text.toString());
    }

    /** One result. */
    public String result(Result result) {
        List<Column> columns =
                List.of(
                        column("", HorizontalAlign.LEFT),
                        column("median", HorizontalAlign.RIGHT),
                        column("p10 .. p90", HorizontalAlign.RIGHT),
                        column("p99", HorizontalAlign.RIGHT),
                        column("samples", HorizontalAlign.RIGHT),
                        column("interlock is", HorizontalAlign.RIGHT),
                        column("target", HorizontalAlign.LEFT));
        List<List<String>> rows = new ArrayList<>();
        for (Series series : result.series()) rows.add(row(result, series));
        var text = new StringBuilder(result.benchmark() + ": " + result.metric());
        text.append(result.unit().smallerIsBetter() ? " (less is better)" : " (more is better)");
        text.append('\n').append(table(columns, rows)).append('\n');
        for (String note : result.notes()) text.append("  ").append(note).append('\n');
        for (Series series : result.series()) {
            if (!series.isMeasured())
                text.append("  no ")
                        .append(series.who())
                        .append(": ")
                        .append(reason(series))
                        .append('\n');
        }
        return encodable(text.toString());
    }

    /** All targets of a run. */
    public String summary(List<Result> results) {
        List<Column> columns =
                List.of(
                        column("target", HorizontalAlign.LEFT),
                        column("interlock", HorizontalAlign.RIGHT),
                        column("against", HorizontalAlign.LEFT),
                        column("", HorizontalAlign.RIGHT),
                        column("ratio", HorizontalAlign.RIGHT),
                        column("wanted", HorizontalAlign.LEFT),
                        column("", HorizontalAlign.LEFT));
        List<List<String>> rows = new ArrayList<>();
        for (Result result : results) {
            for (Target target : result.targets()) rows.add(summaryRow(result, target));
        }
        return rows.isEmpty() ? "" : encodable(table(columns, rows) + "\n");
    }

    private static List<String> row(Result result, Series series) {
        if (!series.isMeasured()) return List.of(series.who(), "-", "", "", "0", "", "");
        boolean ours = series.equals(result.ours());
        Unit unit = result.unit();
        return List.of(
                series.who(),
                unit.format(series.median()),
                unit.format(series.percentile(10)) + " .. " + unit.format(series.percentile(90)),
                series.samples().size() < ENOUGH_FOR_P99 ? "" : unit.format(series.percentile(99)),
                String.valueOf(series.samples().size()),
                ours || !result.ours().isMeasured() ? "" : ratio(result.ratioTo(series)),
                targets(result, ours ? null : series.who()));
    }

    private static String targets(Result result, @Nullable String against) {
        return result.targets().stream()
                .filter(target -> Objects.equals(target.against(), against))
                .map(target -> target.text(result.unit()) + " " + result.judge(target).text())
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    private static List<String> summaryRow(Result result, Target target) {
        Unit unit = result.unit();
        Series other =
                target.against() == null
                        ? null
                        : result.of(target.against())
                                .orElse(Series.missing(target.against(), "not measured"));
        return List.of(
                result.benchmark() + ": " + result.metric(),
                median(unit, result.ours()),
                other == null ? "" : other.who(),
                other == null ? "" : median(unit, other),
                other == null || result.judge(target) == Verdict.UNKNOWN
                        ? ""
                        : ratio(result.ratioTo(other)),
                target.text(unit),
                result.judge(target).text());
    }

    private static String median(Unit unit, Series series) {
        return series.isMeasured() ? unit.format(series.median()) : "-";
    }

    private static String ratio(double ratio) {
        boolean tiny = ratio < 0.01;
        return (tiny ? "< 0.01" : Unit.digits(ratio)) + " ×";
    }

    private static String reason(Series series) {
        return series.missing() == null ? "no samples" : series.missing();
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column()
                .header(header)
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(100, OverflowBehaviour.NEWLINE);
    }

    private static String table(List<Column> columns, List<List<String>> rows) {
        String[][] cells =
                rows.stream().map(row -> row.toArray(new String[0])).toArray(String[][]::new);
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns.toArray(new Column[0]), cells)
                .asString();
    }

    private String encodable(String text) {
        if (charset.newEncoder().canEncode(text)) return text;
        return text.replace("µ", "u").replace("≤", "<=").replace("≥", ">=").replace("×", "x");
    }
}
