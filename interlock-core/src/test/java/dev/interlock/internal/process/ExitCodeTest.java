package dev.interlock.internal.process;

import static dev.interlock.ExitStatus.exited;
import static dev.interlock.ExitStatus.signalled;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void codesUpTo128_areExitCodes() {
        assertThat(ExitCode.toStatus(0, true, false)).isEqualTo(exited(0));
        assertThat(ExitCode.toStatus(1, false, true)).isEqualTo(exited(1));
        assertThat(ExitCode.toStatus(128, false, true)).isEqualTo(exited(128));
    }

    @Test
    void higherCodes_areSignals_unlessTheProcessSaidThatItExits() {
        assertThat(ExitCode.toStatus(137, false, false)).isEqualTo(signalled(9));
        assertThat(ExitCode.toStatus(137, true, false)).isEqualTo(exited(137));
        assertThat(ExitCode.toStatus(143, true, true)).isEqualTo(exited(143));
    }

    @Test
    void ourKill_duringAnExit_isASignal() {
        assertThat(ExitCode.toStatus(137, true, true)).isEqualTo(signalled(9));
    }

    @Test
    void codesThatNoSignalHas_areExitCodes() {
        assertThat(ExitCode.toStatus(255, false, false)).isEqualTo(exited(255));
        assertThat(ExitCode.toStatus(128 + 64, false, false)).isEqualTo(signalled(64));
    }

    @Test
    void statuses_readWell() {
        assertThat(exited(3)).hasToString("exited(3)");
        assertThat(signalled(9)).hasToString("signalled(9 SIGKILL)");
        assertThat(signalled(11)).hasToString("signalled(11 SIGSEGV)");
        assertThat(signalled(42)).hasToString("signalled(42 signal 42)");
        assertThat(exited(0).isSuccess()).isTrue();
        assertThat(exited(1).isSuccess()).isFalse();
        assertThat(signalled(15).isSuccess()).isFalse();
    }
}
