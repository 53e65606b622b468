package io.regent.replicator.verify.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.verify.table.TableShape.Bound;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanSqlTest {
    private static final Column ID = new Column("id", "bigint", "");
    private static final Column NAME = new Column("name", "varchar", "latin1");
    private static final Column AT = new Column("at", "datetime", "");
    private static final Column DATA = new Column("data", "blob", "");
    private static final TableName TABLE = new TableName("app", "t");

    private static ScanSql cutBy(Column... bounds) {
        List<Column> key = List.of(bounds);
        return new ScanSql(
                TABLE,
                new TableShape(
                        List.of(ID, NAME, AT, DATA),
                        key.stream().map(Column::name).toList(),
                        key.stream().map(column -> new Bound(column, "")).toList()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void rangesThatFollowEachOtherMeetWhereOneEndsAndTheNextBegins() {
        ScanSql sql = cutBy(ID);
        KeyRange first = KeyRange.ALL.upTo(List.of(bytes("70")));
        KeyRange second = first.rest().upTo(List.of(bytes("140")));
        KeyRange last = second.rest();
        assertThat(sql.sum(first)).endsWith("FROM `app`.`t` FORCE INDEX (PRIMARY) WHERE `id`<=70");
        assertThat(sql.sum(second)).endsWith("WHERE `id`>70 AND `id`<=140");
        assertThat(sql.sum(last)).endsWith("WHERE `id`>140");
        assertThat(List.of(first.isLast(), second.isLast(), last.isLast())).containsExactly(false, false, true);
    }

    @Test
    void aKeyOfSeveralColumnsIsComparedColumnByColumnSoThatItsIndexIsUsed() {
        KeyRange range = KeyRange.ALL
                .upTo(List.of(bytes("\u00e4'"), bytes("2024-02-29 00:00:00"), bytes("-1")))
                .rest();
        assertThat(cutBy(NAME, AT, ID).sum(range))
                .endsWith("WHERE (`name`>_latin1 x'e427' OR (`name`=_latin1 x'e427' AND (`at`>'2024-02-29 00:00:00'"
                        + " OR (`at`='2024-02-29 00:00:00' AND `id`>-1))))");
    }

    @Test
    void theEndOfARangeIsTheRowAtItsNumber() {
        assertThat(cutBy(NAME, ID).bound(KeyRange.ALL, 500))
                .isEqualTo("SELECT `name`,`id` FROM `app`.`t` FORCE INDEX (PRIMARY) ORDER BY `name`,`id` LIMIT 499,1");
    }

    @Test
    void whatIsReadAgainIsLookedForInItsRangeOnly() {
        KeyRange range = KeyRange.ALL.upTo(List.of(bytes("7")));
        RowKey one = new RowKey(List.of(BigInteger.ONE));
        assertThat(cutBy(ID).rows(range, List.of(one))).endsWith("WHERE `id`<=7 AND (`id`) IN ((1)) ORDER BY 1");
        assertThat(cutBy(NAME).rows(KeyRange.ALL, List.of(one)))
                .contains("IN (x'" + "0".repeat(63) + "1')")
                .doesNotContain("`name`>");
    }

    @Test
    void noTwoRowsHaveTheSameDigestedText() {
        assertThat(cutBy(ID).sum(KeyRange.ALL))
                .contains("IFNULL(CONCAT(`id`,','),'N,')")
                .contains("IFNULL(CONCAT(LENGTH(`name`),':',CAST(`name` AS BINARY)),'N,')")
                .contains("IF(`data` IS NULL,'N,',SHA2(CAST(`data` AS BINARY),256))");
    }

    @Test
    void rowsWithoutAKeyAreAddedUpSoThatEqualOnesDoNotCancelEachOther() {
        assertThat(cutBy(ID).sum(KeyRange.ALL)).contains("BIT_XOR");
        assertThat(cutBy().sum(KeyRange.ALL))
                .contains("SUM(")
                .doesNotContain("BIT_XOR")
                .endsWith("FROM `app`.`t`");
    }
}
