/**
 * Locks, shared values and child processes across JVMs, over shared memory.
 */
module dev.interlock {
    requires static java.compiler;
    requires static org.jspecify;

    exports dev.interlock;
}
