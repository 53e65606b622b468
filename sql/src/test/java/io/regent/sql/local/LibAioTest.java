package io.regent.sql.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibAioTest {
    @TempDir
    Path home;

    @Test
    void whereNothingCanProvideTheLibraryTheMessageSaysWhatToInstall() {
        LibAio aio = new LibAio(home, List.of(), "no-such-program");
        assertThatThrownBy(aio::provide)
                .isInstanceOf(LocalMysqlException.class)
                .hasMessageContaining("install libaio1 (Debian, Ubuntu) or libaio (Fedora), then run again");
    }

    @Test
    void theNewerNameOfTheLibraryIsCopiedUnderTheOldOne() throws Exception {
        Path system = Files.createDirectories(home.resolve("system"));
        Files.writeString(system.resolve("libaio.so.1t64"), "library");
        Files.createDirectories(home.resolve("lib/private"));
        new LibAio(home, List.of(system), "no-such-program").provide();
        assertThat(home.resolve("lib/private/libaio.so.1")).hasContent("library");
    }

    @Test
    void aFolderWithoutAServerIsNamed() {
        assertThatThrownBy(() -> MysqlDistribution.at(home))
                .hasMessageContaining("no program " + home.toAbsolutePath());
    }
}
