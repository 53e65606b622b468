package io.regent.sql.gtid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GtidSetTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "f0000000-0000-0000-0000-000000000001";

    private static GtidSet set(String text) {
        return GtidSet.parse(text);
    }

    @Test
    void printsTheFormThatMySqlPrints() {
        assertThat(set(B + ":1," + A + ":5:1-3:4:9-10")).hasToString(A + ":1-5:9-10," + B + ":1");
        assertThat(set("")).hasToString("");
    }

    @Test
    void sortsUuidsByUnsignedBytes() {
        assertThat(set("ffffffff-0000-0000-0000-000000000000:1,00000000-0000-0000-0000-000000000001:1"))
                .hasToString("00000000-0000-0000-0000-000000000001:1,ffffffff-0000-0000-0000-000000000000:1");
    }

    @Test
    void acceptsWhatMySqlAccepts() {
        assertThat(set(" " + A.toUpperCase(Locale.ROOT) + " : 1 - 3 : 7 ,\n" + B + ":2\n,,"))
                .hasToString(A + ":1-3:7," + B + ":2");
        assertThat(set(",")).isEqualTo(GtidSet.EMPTY);
        assertThat(set(A)).as("a uuid without numbers").isEqualTo(GtidSet.EMPTY);
        assertThat(set(A + ":7-3")).as("a backward interval").isEqualTo(GtidSet.EMPTY);
        assertThat(set(A + ":1-3," + A + ":2-9")).hasToString(A + ":1-9");
    }

    @Test
    void keepsTagsApartAndPrintsThemUnderTheirUuid() {
        GtidSet tagged = set(A + ":Backup:1-2:4," + A + ":1-3");
        assertThat(tagged).hasToString(A + ":1-3:backup:1-2:4");
        assertThat(tagged.contains(Gtid.parse(A + ":backup:4"))).isTrue();
        assertThat(tagged.contains(Gtid.parse(A + ":4"))).isFalse();
        assertThat(tagged.tsids()).hasSize(2);
        assertThat(set(A + ":backup:1")).hasToString(A + ":backup:1");
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        refuses("nonsense:1", "expected a uuid at offset 0", "'nonsense:1'");
        refuses(A + ":0", "from 1 to 9223372036854775806 at offset 37", "'0'");
        refuses(A + ":1-9223372036854775807", "at offset 39");
        refuses(A + ":99999999999999999999", "at offset 37");
        refuses(A + ":1;" + B, "expected ',' or ':' at offset 38", "';f000");
        refuses(A + ":", "expected a number at offset 37", "found the end");
        refuses(A + ":1 2", "expected ',' or ':' at offset 39");
        refuses(A + ":" + "x".repeat(33) + ":1", "a tag has at most 32 characters at offset 37");
    }

    private static void refuses(String text, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GtidSet.parse(text))
                .withMessageContainingAll(parts);
    }

    @Test
    void knowsRunsCountsAndEnds() {
        Tsid a = Tsid.of(UUID.fromString(A));
        assertThat(set(A + ":1-2:4").intervals(a)).containsExactly(new Interval(1, 2), new Interval(4, 4));
        assertThat(set(A + ":1-2:4").last(a)).hasValue(4);
        assertThat(set(A + ":1-2:4").count()).isEqualTo(3);
        assertThat(set(A + ":1-9223372036854775806," + B + ":1-9223372036854775806")
                        .count())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void listsTheFirstFewOfAHugeSet() {
        assertThat(set(A + ":5:1-2," + B + ":1-9223372036854775806").first(4))
                .extracting(Gtid::toString)
                .containsExactly(A + ":1", A + ":2", A + ":5", B + ":1");
    }

    @Test
    void readsASingleGtidStrictly() {
        assertThat(Gtid.parse(" " + A + ":7 ")).isEqualTo(Gtid.of(UUID.fromString(A), 7));
        assertThat(Gtid.parse(A + ":tag:7")).hasToString(A + ":tag:7");
        for (String wrong : new String[] {"", A, A + ":1-2", A + ":1-1", A + ":1:1", A + ":1," + B + ":1"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> Gtid.parse(wrong));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Gtid.of(UUID.fromString(A), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tsid(UUID.fromString(A), "Upper"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(3, 2));
    }

    @Test
    void holesAreWhatIsMissingBelowTheGreatestNumberOfEachSource() {
        String one = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
        String two = "4e11fa47-71ca-11e1-9e33-c80aa9429562";
        assertThat(GtidSet.parse(one + ":3-5:9:tag:1-2:4," + two + ":1-7").holes())
                .isEqualTo(GtidSet.parse(one + ":1-2:6-8:tag:3"));
        assertThat(GtidSet.EMPTY.holes()).isEqualTo(GtidSet.EMPTY);
    }
}
