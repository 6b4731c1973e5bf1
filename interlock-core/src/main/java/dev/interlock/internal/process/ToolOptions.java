package dev.interlock.internal.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options that a child's JVM finds in its environment. All of them come before those on its command line. */
final class ToolOptions {
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private ToolOptions() {}

    /** The options in an environment. */
    static List<String> of(Map<String, String> environment) {
        List<String> options = new ArrayList<>();
        for (String variable : VARIABLES) {
            String value = environment.get(variable);
            if (value != null) options.addAll(words(value));
        }
        return options;
    }

    /** An environment without them. */
    static void removeFrom(Map<String, String> environment) {
        VARIABLES.forEach(environment::remove);
    }

    /* Parted by blanks, except between quotation marks, as the JVM does it. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (char c : (text + ' ').toCharArray()) {
            if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) words.add(word.toString());
                word.setLength(0);
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else {
                word.append(c);
            }
        }
        return words;
    }
}
