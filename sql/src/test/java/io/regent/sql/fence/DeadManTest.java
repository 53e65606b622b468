package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.schema.LocalObject;
import io.regent.sql.schema.LocalSchema;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The times that others count on are those by which the dead-man's SQL goes. */
class DeadManTest {
    private final String sql = LocalSchema.objects("regent_fence").stream()
            .filter(object -> object.name().equals("deadman"))
            .map(LocalObject::statement)
            .findFirst()
            .orElseThrow();

    @Test
    void itSleepsAndCountsOneTickBetweenTwoChecks() {
        assertThat(sql)
                .contains("tick_us BIGINT DEFAULT " + DeadMan.TICK.toNanos() / 1000 + ";")
                .contains("DO SLEEP(" + DeadMan.TICK.toMillis() / 1000.0 + ");");
        assertThat(DeadMan.TICK).isLessThan(DeadMan.INTERVAL);
    }

    @Test
    void itBeatsEveryFewTicks() {
        assertThat(sql).contains("ticks MOD " + DeadMan.BEAT.dividedBy(DeadMan.TICK) + " = 0");
    }

    @Test
    void noneOfItsStatementsWaitsLongerForALock() {
        long seconds = DeadMan.WAIT_CAP.toSeconds();
        assertThat(Duration.ofSeconds(seconds)).isEqualTo(DeadMan.WAIT_CAP);
        assertThat(sql)
                .contains("lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds + ",")
                .contains("GET_LOCK('regent.deadman', " + seconds + ")");
    }
}
