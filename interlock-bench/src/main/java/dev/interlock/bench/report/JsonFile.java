package dev.interlock.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A report as a file of JSON, with every sample. */
public final class JsonFile {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private JsonFile() {}

    /**
     * Makes sure that the file can be written, so that nobody measures for minutes in vain. What is in it stays for now.
     *
     * @throws IOException if it cannot
     */
    public static void requireWritable(Path file) throws IOException {
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    }

    /** Writes the report in place of what was in the file. */
    public static void write(Path file, Report report) throws IOException {
        Files.writeString(file, GSON.toJson(toJson(report)) + "\n");
    }

    /** The report as a tree. Numbers are in the unit's symbol, never scaled; what is not known is left out. */
    static JsonObject toJson(Report report) {
        var json = new JsonObject();
        json.addProperty("started", report.started().toString());
        var machine = new JsonObject();
        report.machine().forEach(machine::addProperty);
        json.add("machine", machine);
        var results = new JsonArray();
        report.results().forEach(result -> results.add(toJson(result)));
        json.add("results", results);
        return json;
    }

    private static JsonObject toJson(Result result) {
        var json = new JsonObject();
        json.addProperty("benchmark", result.benchmark());
        json.addProperty("metric", result.metric());
        json.addProperty("unit", result.unit().symbol());
        json.addProperty("smallerIsBetter", result.unit().smallerIsBetter());
        var series = new JsonArray();
        result.series().forEach(s -> series.add(toJson(result, s)));
        json.add("series", series);
        var targets = new JsonArray();
        result.targets().forEach(t -> targets.add(toJson(result, t)));
        json.add("targets", targets);
        json.add("notes", GSON.toJsonTree(result.notes()));
        return json;
    }

    private static JsonObject toJson(Result result, Series series) {
        var json = new JsonObject();
        json.addProperty("who", series.who());
        if (series.isMeasured()) {
            json.addProperty("median", series.median());
            json.addProperty("p10", series.percentile(10));
            json.addProperty("p90", series.percentile(90));
            if (result.ours().isMeasured())
                json.addProperty("interlockDividedByThis", result.ratioTo(series));
        } else {
            json.addProperty("missing", series.missing());
        }
        json.add("samples", GSON.toJsonTree(series.samples()));
        return json;
    }

    private static JsonObject toJson(Result result, Target target) {
        var json = new JsonObject();
        if (target.against() != null) json.addProperty("against", target.against());
        json.addProperty("limit", target.limit());
        json.addProperty("verdict", result.judge(target).text().toLowerCase(java.util.Locale.ROOT));
        return json;
    }
}
