package io.regent.replicator.stranded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.lab.Events;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.gtid.Gtid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSpoolTest {
    @TempDir
    Path directory;

    static StrandedTransaction transaction(long number, int size) {
        return new StrandedTransaction(
                Gtid.of(Events.ORIGIN, number),
                number,
                1_700_000_000_000_000L,
                80033,
                Optional.of(new FormatDescription(Events.formatDescription(), "8.0.33")),
                List.of(new RowsStatement(List.of(Events.tableMap(1)), List.of(Events.rows(1, 1, size)))),
                List.of("CREATE TABLE `größe` (id INT)"),
                number % 2 == 0 ? Optional.of("because") : Optional.empty());
    }

    @Test
    void whatIsKeptIsReadBackInTheOrderOfItsBinlog() throws IOException {
        LocalSpool spool = LocalSpool.open(directory.resolve("not/there/yet"));
        assertThat(spool.read()).isEmpty();
        spool.write(List.of(transaction(10, 100), transaction(9, 0)));
        spool.write(List.of(transaction(10, 100)));
        assertThat(LocalSpool.open(directory.resolve("not/there/yet")).read())
                .containsExactly(transaction(9, 0), transaction(10, 100));
    }

    @Test
    void whateverByteIsWrongTheFileIsNamed() throws IOException {
        LocalSpool spool = LocalSpool.open(directory);
        spool.write(List.of(transaction(1, 10)));
        Path file;
        try (var files = Files.list(directory)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i += 3) {
            byte[] bad = good.clone();
            bad[i] ^= 4;
            Files.write(file, bad);
            assertThatThrownBy(spool::read)
                    .isInstanceOfSatisfying(
                            CorruptSpoolException.class,
                            e -> assertThat(e.file()).isEqualTo(file));
        }
        for (int length = 0; length < good.length; length += 3) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(spool::read).isInstanceOf(CorruptSpoolException.class);
        }
        Files.write(file, good);
        Files.move(file, file.resolveSibling("other.stranded"));
        assertThatThrownBy(spool::read)
                .isInstanceOf(CorruptSpoolException.class)
                .hasMessageContaining("it holds");
    }

    @Test
    void killedAtAnyPointItHoldsWholeFilesOnly() throws Exception {
        for (int round = 0; round < 4; round++) {
            Path log = directory.resolve("log-" + round);
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SpoolProcess.class.getName(),
                            directory.resolve("spool").toString(),
                            String.valueOf(1 + round * 1_000_000L))
                    .redirectOutput(log.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            org.awaitility.Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .pollInterval(java.time.Duration.ofMillis(3))
                    .until(() -> Files.size(log) > 20);
            writer.destroyForcibly().waitFor();
            List<Long> promised = new ArrayList<>();
            for (String line : Files.readString(log).split("\n", -1)) {
                if (line.endsWith(".")) {
                    promised.add(Long.parseLong(line.substring(0, line.length() - 1)));
                }
            }
            List<Long> kept = LocalSpool.open(directory.resolve("spool")).read().stream()
                    .map(transaction -> transaction.gtid().number())
                    .toList();
            assertThat(kept).containsAll(promised);
            try (var files = Files.list(directory.resolve("spool"))) {
                assertThat(files).allMatch(file -> file.toString().endsWith(".stranded"));
            }
        }
    }
}
