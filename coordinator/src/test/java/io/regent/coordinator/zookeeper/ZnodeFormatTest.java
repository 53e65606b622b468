package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Seen.Unknown;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Failure;
import io.regent.failover.model.GivingUp;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZnodeFormatTest {
    private static final UUID UUID_1 = UUID.fromString("3e11fa47-71ca-11e1-9e33-c80aa9429562");
    private static final GtidSet SET = GtidSet.parse(UUID_1 + ":1-5:tag:7");

    @Test
    void everyKindComesBackAsItWas() {
        same(ZnodeFormat.MASTER, new Master(3, "aws1", new GivingUp("move-1", false, true), SET, 2, "a1"));
        same(ZnodeFormat.MASTER, new Master(3, "aws1", new GivingUp(null, true, false), null, 0, "a2"));
        same(
                ZnodeFormat.LEASE,
                new Lease(
                        3,
                        "n1",
                        Duration.ofMillis(2500),
                        "c1",
                        Phase.WAITING,
                        "1.2 s left",
                        new Lineage(UUID_1, 7, SET)));
        same(ZnodeFormat.REPORT, new Report(3, 2, GtidSet.EMPTY, WriteState.SEALED, 1, "a renewal"));
        same(ZnodeFormat.REPORT, new Report(3, 3, GtidSet.EMPTY, WriteState.SEALED, 1, "", true));
        same(ZnodeFormat.PLAN, Plan.union(3, "aws1", SET));
        same(ZnodeFormat.PLAN, new Plan("m", Plan.Kind.MOVE, 1, null, null, true));
        same(ZnodeFormat.PLAN, new Plan("f", Plan.Kind.FAILOVER, 1, null, null, false, Duration.ofSeconds(60)));
        same(
                ZnodeFormat.PLAN,
                new Plan("m", Plan.Kind.MOVE, 1, "aws1", null, false, null, new Drain(Duration.ofSeconds(5), true)));
        same(ZnodeFormat.ENDED, new Ended(2, "phx1", null, true, false, "why", "phx1/one"));
        same(ZnodeFormat.VERDICT, new Verdict(1, SET, 7, "regent.spool"));
        same(ZnodeFormat.ORIGIN, new Origin(UUID_1, "phx1", 1));
        same(ZnodeFormat.TIMING, Timing.standard());
        same(ZnodeFormat.POLICY, Policy.NONE);
        same(ZnodeFormat.POLICY, new Policy("cables, Ada", List.of("aws1"), 100L, HoldOff.STANDARD));
        same(ZnodeFormat.HEARD, new Heard(List.of("aws1"), List.of("phx1"), List.of("aws2")));
        StopReport.Row row = new StopReport.Row("app.t", "UPDATE", "id=5", "id=5, a=1", "id=5, a=2", true);
        StopReport stop = new StopReport(UUID_1 + ":7", 1032, "no \"row\"", List.of("app.t"), 1, "", row);
        same(
                ZnodeFormat.SKIP,
                new Skip(stop.gtid(), "2026-12-01T00:00:00Z", "Ada", "why", "aws1<-phx1", List.of("phx1"), stop));
        StopReport unread = StopReport.unreadable(Gtid.of(UUID_1, 8), "XA");
        same(
                ZnodeFormat.SKIP,
                new Skip(unread.gtid(), "2026-12-01T00:00:00Z", "Ada", "why", "aws1<-phx1", List.of(), unread));
        same(ZnodeFormat.COST, new Cost(2, "2026-12-01T00:00:00Z", 7L, SET, new TreeMap<>(Map.of("a", SET)), SET));
        same(ZnodeFormat.COST, new Cost(2, "", null, GtidSet.EMPTY, new TreeMap<>(), GtidSet.EMPTY));
        same(ZnodeFormat.REACH, new Reach(List.of("aws1"), List.of("phx1"), List.of("aws1")));
    }

    @Test
    void aNameThatIsNoGtidSkipsNothing() {
        assertThat(Skips.named(List.of(UUID_1 + ":7", "note", UUID_1 + ":9", UUID_1 + ":1-3")))
                .isEqualTo(GtidSet.parse(UUID_1 + ":7:9"));
    }

    @Test
    void whatASkipMakesDifferComesOnTopOfWhatIsKnown() {
        Differences known = new Differences("1", List.of("aws2"), 3, List.of("old"));
        Differences skip = new Differences("2", List.of("aws1", "phx1"), 2, List.of("skipped"));
        assertThat(known.and(skip))
                .isEqualTo(new Differences("2", List.of("aws1", "phx1", "aws2"), 5, List.of("skipped", "old")));
        assertThat(known.gone().and(skip)).isEqualTo(skip);
    }

    @Test
    void anEarlierVersionReadsAPolicyUntilAHoldOffIsSetByName() {
        String unnamed = new String(ZnodeFormat.POLICY.write(Policy.NONE), StandardCharsets.UTF_8);
        assertThat(unnamed)
                .isEqualTo("{\"format\":2,\"paused\":null,\"maintenance\":[],\"maxStranded\":null,"
                        + "\"holdOff\":{\"confirmed\":\"PT0S\",\"unconfirmed\":\"PT30S\"}}");
        HoldOff named = HoldOff.STANDARD.with(Failure.MASTER_ISOLATED, Duration.ofSeconds(9));
        same(ZnodeFormat.POLICY, Policy.NONE.withHoldOff(named));
        assertThat(new String(ZnodeFormat.POLICY.write(Policy.NONE.withHoldOff(named)), StandardCharsets.UTF_8))
                .startsWith("{\"format\":3,")
                .endsWith(",\"named\":{\"MASTER_ISOLATED\":\"PT9S\"}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the one before that | \"format\":2 | \"format\":1 | has format 1",
                "the later one without what it has more | \"format\":2 | \"format\":3 | holdOff.named",
                "the earlier one with what it has not | \"PT30S\"} | \"PT30S\",\"named\":{}} | has format 2",
                "half of a hold-off | \"holdOff\":{\"confirmed\":\"PT0S\",\"unconfirmed\":\"PT30S\"} | \"holdOff\":null | has format 2",
            })
    void aPolicyOfAnotherShapeIsRefused(String what, String from, String to, String because) {
        String good = new String(ZnodeFormat.POLICY.write(Policy.NONE), StandardCharsets.UTF_8);
        String bad = good.replace(from, to);

        assertThat(bad).as(what).isNotEqualTo(good);
        assertThat(ZnodeFormat.POLICY.read("/identity/policy", bad))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.why()).contains(because));
    }

    @Test
    void aMasterIsReadableByAnOperator() {
        byte[] json = ZnodeFormat.MASTER.write(Master.first("phx1", SET, "a1"));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":1,\"epoch\":1,\"region\":\"phx1\",\"givingUp\":{\"closing\":null,"
                        + "\"released\":false,\"priorReleased\":true},\"cut\":\"3e11fa47-71ca-11e1-9e33-c80aa9429562"
                        + ":1-5:tag:7\",\"verdict\":0,\"attempt\":\"a1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a later format | \"format\":1 | \"format\":2 | has format 2",
                "no format | \"format\":1, | | has format 0",
                "an unknown field | \"epoch\":1 | \"epoch\":1,\"colour\":1 | colour",
                "a missing field | \"epoch\":1, | | epoch",
                "a region that is null | \"phx1\" | null | lacks region",
                "a missing inner record | \"givingUp\":{\"closing\":null,\"released\":false,\"priorReleased\":true} "
                        + "| \"givingUp\":null | lacks givingUp",
                "a missing inner field | \"released\":false, | | givingUp.released",
                "a GTID set that is none | :1-5 | :1-x | is not a Master",
                "an epoch that is text | \"epoch\":1 | \"epoch\":\"one\" | is not a Master",
                "more behind it | \"a1\"} | \"a1\"}} | is not a Master",
                "half of it | \"attempt\":\"a1\"} | \"att | is not a Master"
            })
    void whatItDoesNotKnowItRefusesByName(String what, String from, String to, String because) {
        String good = new String(ZnodeFormat.MASTER.write(Master.first("phx1", SET, "a1")), StandardCharsets.UTF_8);
        String bad = good.replace(from, to == null ? "" : to);

        assertThat(bad).as(what).isNotEqualTo(good);
        assertThat(ZnodeFormat.MASTER.read("/identity/master", bad))
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.why())
                                .startsWith("/identity/master")
                                .contains(because));
    }

    @Test
    void unsafeTimingsAreNotReadAtAll() {
        String json = new String(ZnodeFormat.TIMING.write(Timing.standard()), StandardCharsets.UTF_8);

        assertThat(ZnodeFormat.TIMING.read(
                        "/identity/timing", json.replace("\"period\":\"PT0.5S\"", "\"period\":\"PT2S\"")))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.why()).contains("period must be"));
    }

    private static <T> void same(ZnodeFormat<T> format, T value) {
        String json = new String(format.write(value), StandardCharsets.UTF_8);

        assertThat(format.read("/x", json)).isEqualTo(new Found<>(value));
    }
}
