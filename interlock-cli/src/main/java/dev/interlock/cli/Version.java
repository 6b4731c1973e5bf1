package dev.interlock.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: ours from the jar's manifest, and the JDK's, which every bug report needs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String ours =
                Objects.requireNonNullElse(
                        Version.class.getPackage().getImplementationVersion(), "(not packaged)");
        return new String[] {
            "interlock " + ours,
            "java " + Runtime.version() + ", " + System.getProperty("java.home")
        };
    }
}
