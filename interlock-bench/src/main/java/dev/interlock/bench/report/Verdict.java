package dev.interlock.bench.report;

/** Whether a target was reached. */
public enum Verdict {
    /** It was. */
    MET,
    /** It was not. */
    MISSED,
    /** One of the two could not be measured. */
    UNKNOWN;

    /** For people. */
    public String text() {
        return switch (this) {
            case MET -> "met";
            case MISSED -> "MISSED";
            case UNKNOWN -> "unknown";
        };
    }
}
