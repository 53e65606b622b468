package io.regent.docker.lab.fleet;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk in a file: ext4 on a loop device, mounted in a directory of this machine, which only root of Linux can have. It is
 * unmounted when this is closed, and when this JVM is gone, however it went.
 */
public final class LoopDisk implements Disk, AutoCloseable {
    private static final int LIMIT_SECONDS = 60;
    private static final int CORRECTED = 1;
    private static final int BLOCK = 4096;
    private static final String BALLAST = "ballast";
    /** Whoever ends last cannot be waited for, so that the mount goes as soon as nobody uses it. */
    private static final String UNMOUNT = "trap '' INT HUP TERM; read -r line; umount -l \"$0\"";

    private final Path image;
    private final Path mount;
    private final Process shell;

    private LoopDisk(Path image, Path mount, Process shell) {
        this.image = image;
        this.mount = mount;
        this.shell = shell;
    }

    /**
     * Makes one.
     *
     * @param image the file that holds it
     * @param mount where it is mounted; is made if it is not there
     * @param megabytes its size, of which the file takes what is used
     * @throws FleetException if this machine cannot have one
     */
    public static LoopDisk make(Path image, Path mount, int megabytes) {
        try {
            Files.createDirectories(mount);
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength((long) megabytes << 20);
            }
            run(0, "mkfs.ext4", "-q", "-F", "-m", "0", "-e", "remount-ro", image.toString());
            Process shell = new ProcessBuilder("sh", "-c", UNMOUNT, mount.toString())
                    .redirectErrorStream(true)
                    .start();
            LoopDisk disk = new LoopDisk(image, mount, shell);
            disk.mount();
            return disk;
        } catch (IOException | FleetException e) {
            throw new FleetException(
                    "a disk of its own for a server needs root, Linux and mkfs.ext4: " + e.getMessage(), e);
        }
    }

    private void mount() {
        run(0, "mount", "-o", "loop", image.toString(), mount.toString());
    }

    /** A folder in it where anybody may write: a container's processes have users of their own. */
    public Path folder(String name) {
        try {
            Path folder = Files.createDirectories(mount.resolve(name));
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new FleetException("cannot write to " + mount + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void fill() {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(mount.resolve(BALLAST))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (mount.toFile().getUsableSpace() >= BLOCK) {
                throw new FleetException("cannot fill " + mount + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void makeRoom() {
        try {
            Files.deleteIfExists(mount.resolve(BALLAST));
        } catch (IOException e) {
            throw new FleetException("cannot make room in " + mount + ": " + e.getMessage(), e);
        }
    }

    /** ext4 is told that it found an error, and does then what it was made to do. */
    @Override
    public void fail() {
        // A server that has run for a minute has all on its disk but its last writes; this one may be younger.
        run(0, "sync", "-f", mount.toString());
        String device =
                run(0, "findmnt", "-n", "-o", "SOURCE", mount.toString()).strip();
        Path trigger = Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
        try {
            Files.writeString(trigger, "drill");
        } catch (IOException e) {
            throw new FleetException("cannot make " + mount + " fail: " + e.getMessage(), e);
        }
        if (Files.isWritable(mount) && isWritten()) {
            throw new FleetException(mount + " can be written to after its disk failed");
        }
    }

    private boolean isWritten() {
        try {
            Files.delete(Files.createTempFile(mount, "probe", ""));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void repair() {
        run(0, "umount", mount.toString());
        run(CORRECTED, "e2fsck", "-f", "-y", image.toString());
        mount();
    }

    /** What it printed, if it ended with at most this code. */
    private static String run(int highest, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() > highest) {
                process.destroyForcibly();
                throw new FleetException(String.join(" ", all) + ": " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new FleetException(String.join(" ", all) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private static String said(Process ended) throws IOException {
        return new String(ended.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** A mount that was never made, or is gone already, was not left behind. */
    private boolean isMounted() {
        return run(1, "findmnt", "-n", "-o", "TARGET", mount.toString()).strip().equals(mount.toString());
    }

    /**
     * Unmounts it, though somebody may use it still; its file stays.
     *
     * @throws FleetException if it stays mounted
     */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            boolean ended = shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended || (shell.exitValue() != 0 && isMounted())) {
                String said = ended ? said(shell) : "umount does not end";
                throw new FleetException(mount + " stays mounted (" + said + "): umount " + mount + " by hand");
            }
        } catch (IOException e) {
            throw new FleetException("cannot unmount " + mount + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
