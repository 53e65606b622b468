package io.regent.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
    private static final String GOOD = """
            cluster: identity
            region: phx1
            zookeeper: zk1:2181,zk2:2181,zk3:2181
            regions:
              phx1: {mysql: "10.0.0.5:3307", coordinator: "10.0.0.6:8433", site: phx, priority: 7, tls: off}
              aws1: {mysql: "10.1.0.5"}
            accounts:
              capture: {user: cap, password: "${CAPTURE}"}
              apply: {password: "${APPLY:-s3cret}"}
              observe: {password: 'a$${b'}
              fence: {password: 12345}
            """;

    @Test
    void aGoodFileBecomesValues() throws ConfigException {
        ClusterConfig config = ConfigFile.parse("regent.yaml", GOOD, Map.of("CAPTURE", "x: {y}"));
        assertThat(config.cluster()).isEqualTo("identity");
        assertThat(config.region()).contains("phx1");
        assertThat(config.regionNames()).containsExactly("phx1", "aws1");
        assertThat(config.region("phx1").orElseThrow().priority()).isEqualTo(7);
        assertThat(config.sessions(config.region("phx1").orElseThrow(), AccountRole.FENCE)
                        .isPlain())
                .isTrue();
        assertThat(config.region("phx1").orElseThrow().coordinator()).contains(new ServerAddress("10.0.0.6", 8433));
        RegionConfig bare = config.region("aws1").orElseThrow();
        assertThat(bare.mysql()).isEqualTo(new ServerAddress("10.1.0.5", 3306));
        assertThat(bare.site()).isEqualTo("aws1");
        assertThat(config.accounts())
                .containsEntry(AccountRole.CAPTURE, new Account("cap", "x: {y}"))
                .containsEntry(AccountRole.APPLY, new Account("regent_apply", "s3cret"))
                .containsEntry(AccountRole.OBSERVE, new Account("regent_observe", "a${b"))
                .containsEntry(AccountRole.FENCE, new Account("regent_fence", "12345"));
    }

    @Test
    void whatBecomesOfStrandedTransactionsIsHoldUnlessTheFileSaysCertified() throws ConfigException {
        Map<String, String> environment = Map.of("CAPTURE", "x");
        assertThat(ConfigFile.parse("regent.yaml", GOOD, environment).onReturn())
                .isEqualTo(OnReturn.HOLD);
        assertThat(ConfigFile.parse("regent.yaml", "on-return: certified\n" + GOOD, environment)
                        .onReturn())
                .isEqualTo(OnReturn.CERTIFIED);
        ConfigException wrong = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigFile.parse("regent.yaml", "on-return: always\n" + GOOD, environment));
        assertThat(wrong.getMessage()).contains("1", "on-return", "must be hold or certified, not 'always'");
    }

    @Test
    void passwordsAreNotInItsText() throws ConfigException {
        ClusterConfig config = ConfigFile.parse("regent.yaml", GOOD, Map.of("CAPTURE", "hidden"));
        assertThat(config.toString()).doesNotContain("hidden", "s3cret", "12345");
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfLinesEachWithWhatToDo() {
        String bad = """
                clutser: identity
                region: phx2
                regions:
                  phx1: {mysql: "a:b:c", priority: high, tls: always}
                  phx1: {mysql: "10.0.0.1"}
                  aws1:
                    mysq: 10.1.0.5
                    coordinator: 10.1.0.6
                accounts:
                  capture: {password: "${NOWHERE}"}
                  apply: hunter2
                  observe: {password: ""}
                """;
        assertThat(problems(bad))
                .containsExactlyInAnyOrder(
                        "f.yaml:1: cluster: missing",
                        "f.yaml:1: clutser: unknown key; did you mean 'cluster'?",
                        "f.yaml:2: region: no region 'phx2' under regions; did you mean 'phx1'?",
                        "f.yaml:4: regions.phx1.mysql: an IPv6 address goes in brackets: 'a:b:c'",
                        "f.yaml:4: regions.phx1.priority: must be a number from 0 to 1000, not 'high'",
                        "f.yaml:4: regions.phx1.tls: must be preferred or off, not 'always'",
                        "f.yaml:5: regions.phx1: the key is there twice; the first is in line 4",
                        "f.yaml:7: regions.aws1.mysql: missing",
                        "f.yaml:7: regions.aws1.mysq: unknown key; did you mean 'mysql'?",
                        "f.yaml:8: regions.aws1.coordinator: must be host:port, not '10.1.0.6'",
                        "f.yaml:10: accounts.fence: missing",
                        "f.yaml:10: accounts.capture.password: environment variable NOWHERE is not set",
                        "f.yaml:11: accounts.apply: must be a mapping of keys to values",
                        "f.yaml:12: accounts.observe.password: must not be empty");
    }

    @Test
    void whatIsNoYamlIsNamedWithItsLineAndNotQuoted() {
        assertThat(problems("cluster: x\naccounts:\n  capture: {password: @hunter2}\n"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:3: not YAML: ")
                .doesNotContain("hunter2");
        assertThat(problems("cluster: \u0007hunter2"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void anEmptyFileAndAListAreRefused() {
        assertThat(problems(""))
                .containsExactly("f.yaml: must be a mapping with the keys cluster, regions and accounts");
        assertThat(problems("- a")).hasSize(1);
    }

    @Test
    void twoRegionsCannotBeOneServerNorOneUserHaveTwoPasswords() {
        String bad = GOOD.replace("\"10.1.0.5\"", "\"10.0.0.5:3307\"").replace("{user: cap,", "{user: regent_apply,");
        assertThat(problems(bad, Map.of("CAPTURE", "hidden")))
                .hasSize(2)
                .anyMatch(text -> text.contains("regions.aws1: the same server as region phx1"))
                .anyMatch(text -> text.contains("accounts.apply: user regent_apply has another password under capture"))
                .noneMatch(text -> text.contains("hidden") || text.contains("s3cret"));
    }

    @Test
    void aMissingFileIsNamedWithTheWayToNameAnother() {
        ConfigException error = catchThrowableOfType(
                ConfigException.class, () -> ConfigFile.read(Path.of("no", "such.yaml"), Map.of()));
        assertThat(error).hasMessageContaining("such.yaml: no such file; name another with --config FILE");
    }

    private static List<String> problems(String text) {
        return problems(text, Map.of());
    }

    private static List<String> problems(String text, Map<String, String> environment) {
        ConfigException error =
                catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse("f.yaml", text, environment));
        return error.problems().stream().map(ConfigProblem::text).toList();
    }
}
