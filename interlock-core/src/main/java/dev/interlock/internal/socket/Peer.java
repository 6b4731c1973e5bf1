package dev.interlock.internal.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** Whose process is at the other end of a socket: the kernel tells, and cannot be lied to. */
final class Peer {
    private Peer() {}

    /** The user who made the other end. */
    static UserPrincipal user(SocketChannel channel) throws IOException {
        return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    }

    /** Whether that is this process's user. */
    static boolean isMine(SocketChannel channel) throws IOException {
        return user(channel).equals(Files.getOwner(Path.of("/proc/self")));
    }
}
