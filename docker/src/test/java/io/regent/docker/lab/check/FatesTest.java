package io.regent.docker.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Fates.Fate;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FatesTest {
    private static final String ORIGIN = new UUID(0, 1).toString();

    private static GtidSet set(String numbers) {
        return GtidSet.parse(ORIGIN + ":" + numbers);
    }

    private static Gtid gtid(long number) {
        return Gtid.of(UUID.fromString(ORIGIN), number);
    }

    @Test
    void aVoidTransactionIsPresentNowhereThoughItsGtidIsExecuted() {
        Fates fates = new Fates(set("1-14"), set("11-14"), set("11"), set("12"), set("13"), set("20"));

        assertThat(fates.of(gtid(10))).isEqualTo(Fate.PRESENT);
        assertThat(fates.of(gtid(11))).isEqualTo(Fate.HELD);
        assertThat(fates.of(gtid(12))).isEqualTo(Fate.RELEASED);
        assertThat(fates.of(gtid(13))).isEqualTo(Fate.DISCARDED);
        assertThat(fates.of(gtid(14))).isEqualTo(Fate.MISSING);
        assertThat(fates.of(gtid(20))).isEqualTo(Fate.NAMED);
        assertThat(fates.of(gtid(21))).isEqualTo(Fate.MISSING);
        assertThat(fates.missing(set("1-25"))).isEqualTo(set("13-14:15-19:21-25"));
        assertThat(fates.unaccounted(set("9-13:20"))).isEqualTo(set("9-10:13:20"));
        assertThat(fates.stranded()).isEqualTo(set("11-14:20"));
    }
}
