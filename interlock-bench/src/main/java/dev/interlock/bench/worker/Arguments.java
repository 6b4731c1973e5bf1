package dev.interlock.bench.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Base64;

/** Handles as arguments of a command line. They travel as references, so they are short. */
final class Arguments {
    private Arguments() {}

    static String encode(Serializable value) throws IOException {
        if (value instanceof String string) return string;
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    static <T> T decode(String argument, Class<T> type) throws IOException, ClassNotFoundException {
        byte[] bytes = Base64.getDecoder().decode(argument);
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        }
    }
}
