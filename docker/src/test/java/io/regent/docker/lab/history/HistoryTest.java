package io.regent.docker.lab.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final UUID AWS1 = new UUID(0, 2);

    private static Write ok(long millis, String region, UUID uuid, long number) {
        return write(millis, region, Outcome.ACKNOWLEDGED, Optional.of(Gtid.of(uuid, number)));
    }

    private static Write write(long millis, String region, Outcome outcome, Optional<Gtid> gtid) {
        long end = Duration.ofMillis(millis).toNanos();
        return new Write(
                end - 1000, end, 3, Intent.to("stage"), new Reply(outcome, gtid, 0), new Place(region, 1, "uuid-1"));
    }

    @Test
    void aPauseLastsFromTheLastOkOfTheOldMasterToTheFirstOfTheNew() {
        List<Write> writes = List.of(
                ok(100, "phx1", PHX1, 1),
                ok(180, "phx1", PHX1, 3),
                ok(150, "phx1", PHX1, 2),
                write(300, "phx1", Outcome.REFUSED, Optional.empty()),
                write(310, "phx1", Outcome.UNKNOWN, Optional.empty()),
                write(320, "aws1", Outcome.REFUSED, Optional.empty()),
                ok(500, "aws1", AWS1, 2),
                ok(430, "aws1", AWS1, 1));

        Pause pause = Pause.of(writes, "phx1").orElseThrow();

        assertThat(pause.length()).isEqualTo(Duration.ofMillis(250));
        assertThat(pause.newMaster()).isEqualTo("aws1");
    }

    @Test
    void twoMastersAtATimeShowAsANegativePause() {
        List<Write> writes = List.of(ok(100, "phx1", PHX1, 1), ok(110, "aws1", AWS1, 1), ok(115, "phx1", PHX1, 2));

        assertThat(Pause.of(writes, "phx1").orElseThrow().length()).isEqualTo(Duration.ofMillis(-5));
    }

    @Test
    void aPauseIsNotOverBeforeAnotherRegionSaidOk() {
        assertThat(Pause.of(List.of(ok(1, "phx1", PHX1, 1)), "phx1")).isEmpty();
        assertThat(Pause.of(List.of(ok(1, "aws1", AWS1, 1)), "phx1")).isEmpty();
    }

    @Test
    void onlyAcknowledgedWritesAreClaimed() {
        History history = History.inMemory();
        history.add(ok(1, "phx1", PHX1, 1));
        history.add(write(2, "phx1", Outcome.UNKNOWN, Optional.empty()));
        history.add(write(3, "phx1", Outcome.ACKNOWLEDGED, Optional.empty()));
        history.add(ok(4, "aws1", AWS1, 7));

        assertThat(history.acknowledged()).isEqualTo(GtidSet.of(Gtid.of(PHX1, 1), Gtid.of(AWS1, 7)));
        assertThat(history.acknowledgedAt("aws1")).isEqualTo(GtidSet.of(Gtid.of(AWS1, 7)));
        assertThat(history.count(Outcome.ACKNOWLEDGED)).isEqualTo(3);
        assertThat(history.since(3)).hasSize(1);
        assertThat(history.describe(Gtid.of(AWS1, 7))).endsWith(":7 (stage at aws1)");
        assertThat(history.describe(Gtid.of(AWS1, 8))).endsWith(":8 (of no acknowledged write)");
    }

    @Test
    void theFileHoldsALineOfJsonForEachWrite(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("history.jsonl");
        try (History history = History.into(file)) {
            history.add(ok(1, "phx1", PHX1, 9));
            history.add(new Write(
                    7, 8, 4, new Intent("claim", "n1", "c\"4"), Reply.refused(1062), new Place("aws1", 2, "")));
        }

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"start\":999000,\"end\":1000000,\"client\":3,\"op\":\"stage\",\"outcome\":\"ACKNOWLEDGED\","
                                + "\"gtid\":\"" + Gtid.of(PHX1, 9)
                                + "\",\"region\":\"phx1\",\"epoch\":1,\"server\":\"uuid-1\"}",
                        "{\"start\":7,\"end\":8,\"client\":4,\"op\":\"claim\",\"key\":\"n1\",\"value\":\"c\\\"4\","
                                + "\"outcome\":\"REFUSED\",\"error\":1062,\"region\":\"aws1\",\"epoch\":2}");
    }

    @Test
    void whatIsNoLongerInMemoryIsReadFromTheFile(@TempDir Path directory) throws IOException {
        List<Write> all = new ArrayList<>();
        try (History history = History.into(directory.resolve("history.jsonl"), 3)) {
            for (int i = 1; i <= 11; i++) {
                Write write = i % 4 == 0
                        ? write(i, "phx1", Outcome.UNKNOWN, Optional.empty())
                        : ok(i, i > 6 ? "aws1" : "phx1", i > 6 ? AWS1 : PHX1, i);
                all.add(write);
                history.add(write);
            }
            List<Write> seen = new ArrayList<>();
            history.forEach(seen::add);

            assertThat(seen).isEqualTo(all);
            for (int mark = 0; mark <= 11; mark++) {
                assertThat(history.since(mark)).isEqualTo(all.subList(mark, 11));
            }
            assertThat(history.size()).isEqualTo(11);
            assertThat(history.count(Outcome.ACKNOWLEDGED)).isEqualTo(9);
            assertThat(history.acknowledged().count()).isEqualTo(9);
            assertThat(history.of(GtidSet.of(Gtid.of(PHX1, 1)), 5)).containsExactly(all.get(0));
        }
    }

    @Test
    void aTornLineIsNamed() {
        assertThatThrownBy(() -> HistoryFormat.parse("{\"start\":1,\"end\":2"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a line of a history: {\"start\":1");
        assertThatThrownBy(() -> HistoryFormat.parse("{\"start\":1,\"end\":2}"))
                .hasMessageContaining("not a line of a history");
    }
}
