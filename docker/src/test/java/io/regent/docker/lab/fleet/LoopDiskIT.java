package io.regent.docker.lab.fleet;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("drill")
class LoopDiskIT {
    @TempDir
    private Path directory;

    private LoopDisk disk;
    private Path mount;

    @BeforeEach
    void make() {
        assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "a disk of our own takes root and loop devices");
        mount = directory.resolve("mount");
        disk = LoopDisk.make(directory.resolve("image"), mount, 8);
    }

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            disk.close();
            disk.close();
            assertThat(mount).isEmptyDirectory();
        }
    }

    @Test
    void aFullDiskTakesNothingUntilThereIsRoom() throws Exception {
        disk.fill();
        assertThatThrownBy(() -> Files.write(mount.resolve("more"), new byte[4096]))
                .hasMessageContaining("No space left");

        disk.makeRoom();

        Files.write(mount.resolve("more"), new byte[4096]);
    }

    @Test
    void aBrokenDiskIsReadOnlyUntilItIsRepairedAndKeepsWhatItHad() throws Exception {
        Files.writeString(mount.resolve("data"), "kept", CREATE, WRITE, SYNC);
        disk.fail();
        assertThatThrownBy(() -> Files.writeString(mount.resolve("more"), "")).hasMessageContaining("Read-only");
        assertThat(mount.resolve("data")).hasContent("kept");

        disk.repair();

        assertThat(mount.resolve("data")).hasContent("kept");
        Files.writeString(mount.resolve("more"), "taken");
    }
}
