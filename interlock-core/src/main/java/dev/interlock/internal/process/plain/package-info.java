/**
 * A short way to write and read what Java serialization makes of simple objects: the same bytes, and the same objects, without its
 * streams. What is not simple goes the long way. Why that is so is told in {@code docs/adr/0026-the-stream-of-serialization-written-and-read-by-us.md}.
 */
@NullMarked
package dev.interlock.internal.process.plain;

import org.jspecify.annotations.NullMarked;
