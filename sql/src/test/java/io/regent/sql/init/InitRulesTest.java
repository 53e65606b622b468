package io.regent.sql.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InitRulesTest {
    private static final ServerVersion V80 = new ServerVersion(8, 0, 33);
    private static final ServerVersion V97 = new ServerVersion(9, 7, 4);

    private static ServerFacts facts(
            ServerVersion version, Map<String, String> sources, Map<String, String> persisted) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "log_bin", "ON",
                "gtid_mode", "ON",
                "enforce_gtid_consistency", "ON",
                "log_replica_updates", "ON",
                "performance_schema", "ON",
                "binlog_row_metadata", "FULL",
                "binlog_checksum", "CRC32"));
        ServerState state =
                new ServerState(new UUID(0, 1), 1, version, false, false, false, GtidSet.EMPTY, GtidSet.EMPTY);
        return new ServerFacts(state, variables, sources, persisted, "");
    }

    @Test
    void rightsFollowTheVersion() {
        assertThat(AccountRole.APPLY.privileges(V80))
                .extracting(Privilege::name)
                .contains("SET_USER_ID");
        assertThat(AccountRole.APPLY.privileges(V97))
                .extracting(Privilege::name)
                .doesNotContain("SET_USER_ID")
                .contains("SET_ANY_DEFINER", "ALLOW_NONEXISTENT_DEFINER");
    }

    @Test
    void aVariableThatTheVersionNoLongerHasIsNotAsked() {
        List<InitStep> steps = SettingRules.steps(facts(V97, Map.of(), Map.of()), InitFixture.settings());
        assertThat(steps).extracting(InitStep::subject).doesNotContain("binlog_transaction_dependency_tracking");
    }

    @Test
    void theMarkerIsPersistedEvenWhereAnOptionFileSetsIt() {
        List<InitStep> steps = SettingRules.steps(
                facts(V80, Map.of("binlog_row_metadata", "EXPLICIT"), Map.of()), InitFixture.settings());
        assertThat(steps).extracting(InitStep::subject).contains("binlog_row_metadata");
    }

    @Test
    void aPacketHoldsTheLargestRowEvent() {
        ServerFacts small = facts(V80, Map.of(), Map.of());
        small.variables().put("max_allowed_packet", "67108864");
        assertThat(SettingRules.steps(small, InitFixture.settings()))
                .filteredOn(step -> step.subject().equals("max_allowed_packet"))
                .singleElement()
                .satisfies(step -> assertThat(step.statements())
                        .singleElement()
                        .satisfies(sql ->
                                assertThat(sql.text()).isEqualTo("SET PERSIST max_allowed_packet = 1073741824")));
        ServerFacts large = facts(V80, Map.of("max_allowed_packet", "EXPLICIT"), Map.of());
        large.variables().put("max_allowed_packet", "1073741824");
        assertThat(SettingRules.steps(large, InitFixture.settings()))
                .extracting(InitStep::subject)
                .doesNotContain("max_allowed_packet");
    }

    @Test
    void aStartThatIgnoredThePersistedSettingsIsAProblem() {
        ServerFacts ignored =
                facts(V80, Map.of("binlog_row_metadata", "COMPILED"), Map.of("binlog_row_metadata", "FULL"));
        assertThat(StartRules.problems(ignored, InitFixture.settings()))
                .extracting(InitProblem::subject)
                .containsExactly("persisted settings");
    }

    @Test
    void anOldVersionIsAProblem() {
        ServerFacts old = facts(new ServerVersion(5, 7, 44), Map.of(), Map.of());
        assertThat(StartRules.problems(old, InitFixture.settings()))
                .extracting(InitProblem::subject)
                .containsExactly("version");
    }

    @Test
    void settingsThatContradictThemselvesAreRefused() {
        Map<AccountRole, Account> accounts =
                new EnumMap<>(InitFixture.settings().accounts());
        assertThatIllegalArgumentException().isThrownBy(() -> new InitSettings(accounts, 3, 4, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new InitSettings(accounts, 0, 0, Set.of()));
        accounts.put(AccountRole.FENCE, new Account("regent_apply", "another"));
        assertThatIllegalArgumentException().isThrownBy(() -> new InitSettings(accounts, 3, 1, Set.of()));
        accounts.remove(AccountRole.FENCE);
        assertThatIllegalArgumentException().isThrownBy(() -> new InitSettings(accounts, 3, 1, Set.of()));
    }

    @Test
    void rolesMayShareAUser() {
        Account one = new Account("regent", "x");
        InitSettings shared = new InitSettings(
                Map.of(
                        AccountRole.CAPTURE,
                        one,
                        AccountRole.APPLY,
                        one,
                        AccountRole.OBSERVE,
                        one,
                        AccountRole.FENCE,
                        one),
                1,
                1,
                Set.of());
        assertThat(AccountRules.wanted(shared, V80)).hasSize(1);
    }

    @Test
    void aPlanReadsLikeThis() {
        InitPlan plan = new InitPlan(
                V80,
                List.of(new InitStep(
                        "account a",
                        "absent",
                        "created",
                        List.of(new InitStep.Sql("CREATE USER a IDENTIFIED BY 'secret'", "CREATE USER a ***")))),
                List.of(new InitProblem("gtid_mode", "OFF", "restart")),
                List.of("something"));
        assertThat(plan.text()).isEqualTo("""
                        refused: gtid_mode: OFF
                            remedy: restart
                        account a: absent -> created
                            CREATE USER a ***;
                        note: something
                        MySQL 8.0.33: nothing done, 1 problem: gtid_mode
                        """);
    }
}
