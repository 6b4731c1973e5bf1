package dev.interlock;

import java.nio.file.Path;

/**
 * What {@link Region#list()} tells of a region.
 *
 * @param name its name
 * @param path its file
 * @param usedBytes memory that it takes now
 * @param maxBytes the limit to which it may grow
 * @param processes how many processes have it open
 */
public record RegionInfo(String name, Path path, long usedBytes, long maxBytes, int processes) {}
