package dev.interlock;

/**
 * What {@link Region#objects()} tells of an object.
 *
 * @param name its name; empty if it was made without one
 * @param type its type, as in {@code SharedLock} or {@code SharedLongArray}
 * @param length elements of an array, bytes of a block; 1 for all others
 * @param sizeBytes memory that it takes, with its header
 */
public record ObjectInfo(String name, String type, long length, long sizeBytes) {}
