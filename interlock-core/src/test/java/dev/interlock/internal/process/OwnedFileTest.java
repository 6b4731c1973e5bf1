package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.region.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedFileTest {
    private static final String NAMESPACE = Long.toString(ProcessIdentity.self().namespace());

    @Test
    void filesOfThisProcess_haveALivingOwner() {
        assertThat(OwnedFile.isOwnerDead(OwnedFile.newName(OwnedFile.REPORT))).isFalse();
    }

    @Test
    void filesOfAnEarlierProcessWithTheSamePid_haveNot() {
        long pid = ProcessHandle.current().pid();
        assertThat(OwnedFile.isOwnerDead("~report-" + pid + "-1-" + NAMESPACE + "-1")).isTrue();
    }

    @Test
    void filesOfOtherPidNamespaces_areLeftAlone() {
        assertThat(OwnedFile.isOwnerDead("~report-999999999-1-12345-1")).isFalse();
    }

    @Test
    void filesThatAreNotOurs_areLeftAlone() {
        assertThat(OwnedFile.isOwnerDead("~report-x-1-" + NAMESPACE + "-1")).isFalse();
        assertThat(OwnedFile.isOwnerDead("~report-")).isFalse();
    }

    @Test
    void collectLeftovers_removesFilesAndDirectoriesOfTheDead_only() throws Exception {
        Path directory = PrivateDirectory.prepare(PrivateDirectory.onDisk());
        Path dead =
                Files.createDirectories(
                        directory.resolve("~classes-999999999-1-" + NAMESPACE + "-1/pkg"));
        Files.createFile(dead.resolve("A.class"));
        Path alive = OwnedFile.create(directory, OwnedFile.newName(OwnedFile.REPORT));

        OwnedFile.collectLeftovers();

        assertThat(dead.getParent()).doesNotExist();
        assertThat(alive).exists();
        OwnedFile.delete(alive);
        assertThat(alive).doesNotExist();
    }

    @Test
    void create_makesThePrivateDirectory_forTheOwnerOnly(@TempDir Path parent) throws Exception {
        Path directory = parent.resolve("interlock-test");
        Path file = OwnedFile.create(directory, "~report-x");
        assertThat(Files.getPosixFilePermissions(directory))
                .hasToString("[OWNER_READ, OWNER_WRITE, OWNER_EXECUTE]");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        OwnedFile.delete(file);
        assertThat(directory).doesNotExist();
    }
}
