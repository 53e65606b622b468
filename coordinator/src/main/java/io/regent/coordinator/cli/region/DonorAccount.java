package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.rebuild.ClonePlugin;
import io.regent.sql.session.Account;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** The account at a source that a region's server logs in with to clone it. Two rebuilds from one source have one each. */
final class DonorAccount {
    private final Work work;
    private final String suffix;
    private boolean created;

    DonorAccount(Work work) {
        this.work = work;
        CRC32 crc = new CRC32();
        crc.update(work.region().getBytes(StandardCharsets.UTF_8));
        this.suffix = HexFormat.of().toHexDigits((int) crc.getValue());
    }

    Account create(RegionConfig source, String password) throws CliException {
        created = true;
        return work.servers().with(source, session -> {
            ClonePlugin plugin = new ClonePlugin(session);
            plugin.install();
            return new Account(plugin.createDonorAccount(suffix, password), password);
        });
    }

    /** Removes it if it was made here. */
    void dropIfCreated(RegionConfig source) {
        if (created) {
            drop(source);
        }
    }

    /** Nothing depends on it: where it cannot be removed, that is only told. */
    private void drop(RegionConfig source) {
        try {
            work.servers().with(source, session -> {
                new ClonePlugin(session).dropDonorAccount(suffix);
                return true;
            });
        } catch (CliException e) {
            work.tell()
                    .accept("the account " + ClonePlugin.accountName(suffix) + " may be left in " + source.name() + " ("
                            + e.getMessage() + "): SET sql_log_bin=0 and DROP USER removes it");
        }
    }

    /** What a command that was killed may have left, wherever that was. */
    void dropEverywhere() {
        work.config().regions().stream()
                .filter(region -> !region.name().equals(work.region()))
                .forEach(this::drop);
    }
}
