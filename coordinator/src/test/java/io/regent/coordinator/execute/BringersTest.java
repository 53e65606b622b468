package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.StopReport;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.LinkStatus.State;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BringersTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final UUID AWS1 = new UUID(0, 2);
    private static final UUID AWS2 = new UUID(0, 3);
    private static final Map<UUID, String> OWNERS = Map.of(PHX1, "phx1", AWS1, "aws1", AWS2, "aws2");

    private static LinkStatus link(State state, String detail, @Nullable StopReport stopped) {
        return new LinkStatus(state, detail, true, true, false, true, 0, null, null, null, stopped);
    }

    private static String of(String awaited, Map<String, LinkStatus> links) {
        Bringers bringers = new Bringers("aws2", OWNERS, source -> Optional.ofNullable(links.get(source)));
        return bringers.of(GtidSet.parse(awaited));
    }

    private static StopReport stopAt(long number) {
        StopReport.Row row = new StopReport.Row("app.t", "DELETE", "id=5", "id=5", "", true);
        return new StopReport(PHX1 + ":" + number, 1032, "gone", List.of("app.t"), 1, "", row);
    }

    @Test
    void theLinkThatIsToBringItIsNamedAndThatItStoppedAtIt() {
        LinkStatus failed = link(State.FAILED, "why", stopAt(7));
        assertThat(of(PHX1 + ":7-9", Map.of("phx1", failed)))
                .isEqualTo("; link aws2<-phx1 is to bring it, and stopped at it: " + PHX1
                        + ":7, DELETE of app.t (id=5), error 1032");
        assertThat(of(PHX1 + ":8-9", Map.of("phx1", failed))).contains(", and stopped before it: " + PHX1 + ":7");
    }

    @Test
    void ofSeveralEachIsNamedWithWhatItDoes() {
        Map<String, LinkStatus> links =
                Map.of("phx1", link(State.RUNNING, "", null), "aws1", link(State.CONNECTING, "refused", null));
        assertThat(of(PHX1 + ":7," + AWS1 + ":1", links))
                .contains("link aws2<-phx1 is to bring " + PHX1 + ":7;")
                .contains("link aws2<-aws1 is to bring " + AWS1 + ":1, and is connecting: refused");
        assertThat(of(PHX1 + ":7", Map.of())).endsWith("is to bring it, and does not run");
    }

    @Test
    void ofItsOwnAndOfStrangersNothingIsSaid() {
        assertThat(of(AWS2 + ":1," + new UUID(0, 9) + ":1", Map.of())).isEmpty();
    }
}
