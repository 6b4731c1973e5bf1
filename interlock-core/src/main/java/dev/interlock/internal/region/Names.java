package dev.interlock.internal.region;

import java.util.Objects;

/** Which names regions and objects may have. */
final class Names {
    /** Characters of a region's name; with what is added for other files it must fit into a file name. */
    static final int MAX_REGION_NAME = 100;

    /** Bytes of UTF-8 of an object's name. */
    static final int MAX_OBJECT_NAME = 200;

    /** Cannot be in a region's name, so a file with it never is a region of that name. */
    static final char SEPARATOR = '~';

    private Names() {}

    static void checkRegionName(String name) {
        Objects.requireNonNull(name, "A region's name is null.");
        if (name.isEmpty()) throw bad("A region's name is empty.");
        if (name.length() > MAX_REGION_NAME)
            throw bad(
                    "A region's name has "
                            + name.length()
                            + " characters: '"
                            + name.substring(0, 20)
                            + "…'.");
        if (!isAlphanumeric(name.charAt(0)))
            throw bad("A region's name begins with '" + name.charAt(0) + "': '" + name + "'.");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-')
                throw bad("A region's name contains '" + c + "': '" + name + "'.");
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static RuntimeException bad(String what) {
        return Errors.name(
                what
                        + " Use 1 to "
                        + MAX_REGION_NAME
                        + " of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.");
    }

    static void checkObjectName(String name, int utf8Bytes) {
        if (name.isEmpty()) {
            throw Errors.name(
                    "An object's name is empty. Leave it out to make an object without a name.");
        }
        if (utf8Bytes > MAX_OBJECT_NAME) {
            throw Errors.name(
                    "An object's name takes "
                            + utf8Bytes
                            + " bytes of UTF-8: '"
                            + name.substring(0, 20)
                            + "…'. At most "
                            + MAX_OBJECT_NAME
                            + " are allowed.");
        }
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw Errors.name(
                        "An object's name contains half a surrogate pair at index "
                                + i
                                + ". Use whole characters.");
            }
            if (Character.isISOControl(c)) {
                throw Errors.name(
                        "An object's name contains a control character at index "
                                + i
                                + ". Use printable characters.");
            }
        }
    }
}
