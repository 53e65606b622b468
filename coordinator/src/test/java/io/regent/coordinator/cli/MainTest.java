package io.regent.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.cluster.Clusters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private final Shell shell = new Shell();

    @TempDir
    private Path directory;

    @Test
    void helpListsTheCommandsTheExitCodesAndAnExample() {
        Shell.Outcome help = shell.run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("init ", "verify ", "version ", "--config", "--json", "Exit codes:", "Example:");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void everyCommandExplainsItselfWithExitCodesAndAnExample() {
        for (CliCommand command : Main.commands()) {
            Shell.Outcome help = shell.run(command.name(), "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out())
                    .contains("dbctl " + command.name(), "Exit codes:", "Example:", "--config", "--json", "--debug");
        }
    }

    @Test
    void theVersionIsThatOfTheBuild() throws Exception {
        assertThat(shell.run("version").out()).matches("regent [0-9]+\\.[0-9]+.* \\(Java .*\\)\\R");
        assertThat(shell.run("--version").out()).isEqualTo(shell.run("version").out());
        JsonNode json =
                new ObjectMapper().readTree(shell.run("--json", "version").out());
        assertThat(json.get("regent").asText()).isNotBlank();
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheOneThatWasMeant() {
        Shell.Outcome outcome = shell.run("--config", "x", "intit");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines("dbctl: unknown command 'intit'; did you mean 'init'?; see dbctl --help");
    }

    @Test
    void noCommandAndAnUnknownOptionAreWrongUse() {
        assertThat(shell.run().code()).isEqualTo(2);
        assertThat(shell.run().err()).startsWith("dbctl: a command is missing");
        assertThat(shell.run("init", "--dryrun").code()).isEqualTo(2);
        assertThat(shell.run("init", "--dryrun").err()).contains("--dryrun", "dbctl init --help");
    }

    @Test
    void theFileIsTheOneOfTheOptionElseOfTheVariableElseRegentYaml() {
        assertThat(shell.run("init").err()).contains("dbctl: regent.yaml: no such file");
        shell.with("REGENT_CONFIG", "of-variable.yaml");
        assertThat(shell.run("init").err()).contains("of-variable.yaml: no such file");
        assertThat(shell.run("init", "--config", "of-option.yaml").err()).contains("of-option.yaml: no such file");
        assertThat(shell.run("--config", "of-option.yaml", "init").err()).contains("of-option.yaml: no such file");
    }

    @Test
    void everythingWrongWithTheFileIsPrintedAndAsJsonToo() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "cluster: a\nregionz: {}\naccounts: {}\n");
        Shell.Outcome outcome = shell.run("--json", "--config", file.toString(), "init");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("bad.yaml:2: regionz: unknown key; did you mean 'regions'?");
        assertThat(new ObjectMapper().readTree(outcome.out()).get("errors"))
                .hasSameSizeAs(outcome.err().lines().toList());
    }

    @Test
    void whatTheAdministratorTypesWrongIsNamedBeforeAnyServerIsAsked() throws Exception {
        String config =
                Clusters.file(directory, List.of("127.0.0.1:1", "127.0.0.1:2")).toString();
        assertThat(shell.run("init", "--config", config, "--no-password", "--region", "rx")
                        .err())
                .contains("--region: no region 'rx'", "did you mean 'r1'?");
        assertThat(shell.run("init", "--config", config, "--no-password", "--slots", "1")
                        .err())
                .contains("--slots: from 2");
        assertThat(shell.run("init", "--config", config, "--password-env", "NOT_SET")
                        .err())
                .contains("environment variable NOT_SET is not set");
        assertThat(shell.run("init", "--config", config, "--password-file", "no-file")
                        .err())
                .contains("--password-file: cannot read no-file");
        assertThat(shell.run("init", "--config", config, "--no-password", "--password-env", "A")
                        .err())
                .contains("mutually exclusive");
    }
}
