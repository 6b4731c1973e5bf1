/**
 * Locks, shared values and child processes across JVMs, over shared memory.
 */
module dev.interlock {
    requires jdk.net; // whose process is at the other end of a socket
    requires static jdk.jfr; // events of pools, where there is a recorder
    requires static java.management; // the options this JVM was started with, for its children
    requires static java.compiler; // programs run from source are compiled once more for their
    // children
    requires static org.jspecify;

    exports dev.interlock;
}
