package dev.interlock.examples.hash;

import java.io.Serializable;

/**
 * What was found out about one file.
 *
 * @param sha256 the SHA-256 of its content, in hexadecimal
 * @param bytes its size
 * @param compressedBytes its size when compressed
 */
public record FileHash(String sha256, long bytes, long compressedBytes) implements Serializable {}
