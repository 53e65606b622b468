package io.regent.replicator.lab;

import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A region whose last transactions are taken for stranded. */
public final class Stranding {
    private static final AtomicLong IDS = new AtomicLong(990_000);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Region region;

    public Stranding(Region region) {
        this.region = region;
    }

    /** Commits what the statements commit, and reads it back from the binlog. */
    public List<StrandedTransaction> strand(String... statements) throws Exception {
        GtidSet before = region.executed();
        region.execute(statements);
        return read(region.executed().subtract(before));
    }

    public List<StrandedTransaction> read(GtidSet stranded) throws Exception {
        return StrandedReader.read(settings(), region.apply(), stranded, PATIENCE);
    }

    public CaptureSettings settings() {
        return new CaptureSettings(
                "stranded",
                region.capture(),
                IDS.incrementAndGet(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                1 << 20);
    }

    /** Closes the region to applications, as a coordinator would before it rewinds. */
    public void standby() throws SQLException {
        region.execute("SET GLOBAL read_only=ON");
    }

    public void open() throws SQLException {
        region.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
    }

    /** Checksum and rows of every table of the databases. */
    public List<String> dump(String... databases) throws SQLException {
        List<String> all = new ArrayList<>();
        for (String database : databases) {
            for (String table : region.query("SELECT table_name FROM information_schema.tables WHERE table_schema='"
                    + database + "' AND table_type='BASE TABLE' ORDER BY 1")) {
                String name = "`" + database + "`.`" + table.replace("`", "``") + "`";
                all.add(region.value("CHECKSUM TABLE " + name));
                List<String> rows = new ArrayList<>(region.query("SELECT * FROM " + name));
                rows.sort(null);
                all.addAll(rows);
            }
        }
        return all;
    }

    /** What a rewind must not move: executed set, and end of the binlog. */
    public List<String> history() throws SQLException {
        List<String> all = new ArrayList<>(region.query("SELECT @@global.gtid_executed"));
        all.addAll(region.query(
                region.value("SELECT @@version").startsWith("8.0") ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS"));
        return all;
    }
}
