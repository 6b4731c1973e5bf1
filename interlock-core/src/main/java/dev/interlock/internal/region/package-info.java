/**
 * A region: its file, header, directory of objects, allocator and process table; who is alive, and what is done when
 * somebody is not.
 */
@NullMarked
package dev.interlock.internal.region;

import org.jspecify.annotations.NullMarked;
