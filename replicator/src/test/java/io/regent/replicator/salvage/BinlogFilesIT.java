package io.regent.replicator.salvage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Load;
import io.regent.replicator.lab.Region;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkSettings;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.Salvage;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.GtidSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed server had is told, and brought, from its binlog files alone. */
@Timeout(120)
class BinlogFilesIT {
    private static final String INDEX = "SELECT @@log_bin_index";

    private Region phx1;
    private Path index;

    @BeforeEach
    void startRegion(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        index = Path.of(phx1.value(INDEX));
    }

    @AfterEach
    void stopRegion() {
        phx1.close();
    }

    private BinlogFiles files() throws IOException {
        return BinlogFiles.of(index, phx1.server().dataDirectory());
    }

    private record Read(BinlogFiles files) implements Salvage {
        @Override
        public InputStream open(GtidSet executed) throws IOException {
            ByteArrayOutputStream events = new ByteArrayOutputStream();
            files.write(executed, events);
            return new ByteArrayInputStream(events.toByteArray());
        }

        @Override
        public long verdict() {
            return 0;
        }
    }

    @Test
    void allThatAServerKilledUnderLoadHadIsTakenFromItsFilesByALinkThatWasHeld(@TempDir Path directory)
            throws Exception {
        try (Region aws1 = Region.start("aws1", directory)) {
            try (Load load = Load.start(phx1, 4, 7, 1)) {
                try (Link link = Links.start(phx1, aws1)) {
                    await().until(() -> load.committed() > 300);
                    link.stop();
                }
                phx1.execute("FLUSH BINARY LOGS");
                long held = load.committed();
                await().until(() -> load.committed() > held + 300);
                phx1.execute("FLUSH BINARY LOGS");
                await().until(() -> load.committed() > held + 600);
                phx1.server().kill();
            }
            GtidSet left = files().executed();
            assertThat(left.subtract(aws1.executed()).count()).isGreaterThan(500);
            LinkSettings direct = Links.settings(phx1, aws1);
            LinkSettings settings = new LinkSettings(
                    direct.source(),
                    direct.target(),
                    direct.capture(),
                    direct.apply(),
                    direct.origins(),
                    direct.serverId(),
                    new Read(files()),
                    direct.tuning());
            try (Link link = Links.start(settings, Delivery.everything())) {
                await().atMost(Duration.ofSeconds(30))
                        .failFast(() -> assertThat(link.status().state()).isNotEqualTo(LinkStatus.State.FAILED))
                        .until(() -> aws1.executed().contains(left));
            }
            phx1.crash();
            assertThat(phx1.executed()).as("what it has when it is back").isEqualTo(left);
            Links.assertEqual(phx1, aws1, "app");
        }
    }

    @Test
    void whereverItsFileIsTornWhatIsWholeBeforeIsTold() throws Exception {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY, v TEXT)", "FLUSH BINARY LOGS");
        for (int i = 0; i < 8; i++) {
            phx1.execute("INSERT INTO app.t VALUES (" + i + ", REPEAT('x', " + i * 40 + "))");
        }
        GtidSet before = phx1.executed();
        phx1.server().kill();
        List<String> names = Files.readAllLines(index);
        Path newest = phx1.server().dataDirectory().resolve(names.get(names.size() - 1));
        byte[] whole = Files.readAllBytes(newest);
        assertThat(files().executed()).isEqualTo(before);
        GtidSet last = before;
        for (int length = whole.length - 1; length >= 0; length -= 3) {
            Files.write(newest, Arrays.copyOf(whole, length));
            GtidSet told = files().executed();
            assertThat(last.contains(told))
                    .as("at %s of %s", length, whole.length)
                    .isTrue();
            assertThat(last.subtract(told).count()).isLessThanOrEqualTo(1);
            last = told;
            files().write(GtidSet.EMPTY, OutputStream.nullOutputStream());
        }
        Files.write(newest, whole);
    }

    @Test
    void nothingOfAFileIsHandedOutThatFollowsOneWithSomethingThatNoLinkCarries() throws Exception {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        GtidSet before = phx1.executed();
        phx1.execute("XA START 'a'", "INSERT INTO app.t VALUES (2)", "XA END 'a'", "XA PREPARE 'a'", "XA COMMIT 'a'");
        phx1.execute("FLUSH BINARY LOGS", "INSERT INTO app.t VALUES (3)");
        phx1.server().kill();
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        assertThatThrownBy(() -> files().write(before, events)).hasMessageContaining("that no link can carry");
        assertThat(events.size()).as("a format description alone").isLessThan(200);
    }

    @Test
    void whatFollowsAPreparedBranchIsNotTold() throws Exception {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        GtidSet before = phx1.executed();
        try (Connection connection = phx1.open();
                Statement statement = connection.createStatement()) {
            statement.execute("XA START 'a'");
            statement.execute("INSERT INTO app.t VALUES (2)");
            statement.execute("XA END 'a'");
            statement.execute("XA PREPARE 'a'");
        }
        phx1.execute("INSERT INTO app.t VALUES (3)");
        phx1.server().kill();
        assertThat(files().executed()).isEqualTo(before);
    }

    @Test
    void whatWasPurgedOrIsEncryptedIsSaid() throws Exception {
        phx1.execute("CREATE DATABASE app", "FLUSH BINARY LOGS", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        String newest = phx1.query("SHOW BINARY LOGS").get(1).replaceAll("\t.*", "");
        phx1.execute("PURGE BINARY LOGS TO '" + newest + "'");
        GtidSet executed = phx1.executed();
        phx1.server().kill();
        assertThat(files().executed()).isEqualTo(executed);
        assertThatThrownBy(() -> files().write(GtidSet.EMPTY, OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("purged");
        Path path = phx1.server().dataDirectory().resolve(newest);
        byte[] bytes = Files.readAllBytes(path);
        bytes[0] = (byte) 0xfd;
        Files.write(path, bytes);
        assertThatThrownBy(() -> files().executed()).hasMessageContaining("is encrypted");
    }
}
