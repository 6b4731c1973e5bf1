/**
 * Memory orders, tried by jcstress within one JVM that has the same memory mapped twice: code that leaned on Java's own monitors,
 * on object identity or on addresses would show here. Between processes the memory is the same, see docs/design/memory-order.md.
 */
@NullMarked
package dev.interlock.jcstress;

import org.jspecify.annotations.NullMarked;
