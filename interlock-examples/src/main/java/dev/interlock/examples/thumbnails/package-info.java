/** Makes thumbnails of many pictures in a pool of processes. */
@NullMarked
package dev.interlock.examples.thumbnails;

import org.jspecify.annotations.NullMarked;
