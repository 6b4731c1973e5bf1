package dev.interlock.internal.region;

/** Which names objects may have. */
final class Names {
    /** Bytes of UTF-8 of an object's name. */
    static final int MAX_OBJECT_NAME = 200;

    private Names() {}

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
