package io.regent.sql.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** A mysqld that still runs on the data directory, of a JVM that died or of another one. */
final class LeftOver {
    private LeftOver() {}

    static void refuse(String name, ServerFiles files) throws IOException {
        if (!Files.exists(files.pidFile())) {
            return;
        }
        String text = Files.readString(files.pidFile()).strip();
        if (!text.matches("\\d{1,18}")) {
            return;
        }
        Optional<ProcessHandle> other = ProcessHandle.of(Long.parseLong(text)).filter(ProcessHandle::isAlive);
        boolean mysqld = other.flatMap(handle -> handle.info().commandLine())
                .filter(line -> line.contains(files.configuration().toString()))
                .isPresent();
        if (mysqld) {
            throw new LocalMysqlException(
                    "another mysqld (pid " + text + ") runs on the folder of " + name + ", " + files.folder());
        }
    }
}
