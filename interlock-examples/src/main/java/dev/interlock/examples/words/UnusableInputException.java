package dev.interlock.examples.words;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The input named by the user cannot be counted. The message says which and why; nothing is wrong with the program. */
public final class UnusableInputException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which input, why, and what to do
     */
    public UnusableInputException(String message) {
        super(message);
    }

    /** {@return the message} */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /**
     * For an input that turned out unreadable.
     *
     * @param name which
     * @param why what reading it threw
     * @return the exception, to be thrown
     */
    public static UnusableInputException cannotRead(String name, IOException why) {
        return new UnusableInputException("Cannot read '" + name + "': " + reason(why) + ".");
    }

    /** In words, since the message of a file system exception is often no more than the file's name. */
    static String reason(IOException why) {
        return switch (why) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            default -> String.valueOf(why.getMessage());
        };
    }
}
