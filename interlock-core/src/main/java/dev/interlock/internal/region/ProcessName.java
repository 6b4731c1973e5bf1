package dev.interlock.internal.region;

/** What this process is called where others see it. */
final class ProcessName {
    /** Set by the parent of a child process. */
    static final String PROPERTY = "interlock.process.name";

    private ProcessName() {}

    static String get() {
        String given = System.getProperty(PROPERTY);
        if (given != null) return given;
        String command = System.getProperty("sun.java.command", "java");
        int end = command.indexOf(' ');
        String program = end < 0 ? command : command.substring(0, end);
        return program.substring(
                Math.max(
                                program.lastIndexOf('/'),
                                program.endsWith(".jar") ? -1 : program.lastIndexOf('.'))
                        + 1);
    }
}
