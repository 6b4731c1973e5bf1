package dev.interlock.internal.process.plain;

/** Something that only Java serialization itself can write or read, or say what is wrong with it. */
final class NotPlainException extends Exception {
    private static final long serialVersionUID = 1L;

    /** It ends up nowhere, so it needs neither text nor stack. */
    NotPlainException() {
        super(null, null, false, false);
    }
}
