package dev.interlock.internal.process.plain;

/** Something that only Java serialization itself can write or read, or say what is wrong with it. */
final class NotPlainException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The only one: it ends up nowhere, so it needs neither text nor stack. */
    static final NotPlainException INSTANCE = new NotPlainException();

    private NotPlainException() {
        super(null, null, false, false);
    }
}
