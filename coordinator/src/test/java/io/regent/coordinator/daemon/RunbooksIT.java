package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.http.DecisionRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that a runbook tells to type works, and {@code why} tells what happened. */
class RunbooksIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Path RUNBOOKS = Path.of("..", "failover", "runbooks");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Path file;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        Map<String, String> listening = new HashMap<>();
        for (String region : ThreeRegions.NAMES) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                listening.put("coordinator " + region, "127.0.0.1:" + free.getLocalPort());
            }
        }
        file = regions.file("listening", listening);
        for (String region : ThreeRegions.NAMES) {
            regions.start(region, region + "-1", file);
        }
        regions.awaitOpen("phx1", SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private static Shell.Outcome run(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--config", file.toString()));
        return new Shell().run(all.toArray(String[]::new));
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.replace("REGION", "aws1"));
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    @Test
    void everyCommandOfEveryRunbookIsUnderstoodAndAnswers() throws IOException {
        TreeSet<String> commands = new TreeSet<>();
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            for (Path page : pages.toList()) {
                Files.readAllLines(page).stream()
                        .filter(line -> line.startsWith("$ dbctl "))
                        .map(line -> line.substring("$ dbctl ".length()))
                        .forEach(commands::add);
            }
        }
        assertThat(commands).hasSizeGreaterThan(8);
        for (String command : commands) {
            Shell.Outcome outcome = run(words(command));
            assertThat(outcome.code())
                    .as("dbctl " + command + "\n" + outcome.out() + outcome.err())
                    .isIn(0, 1);
            assertThat(outcome.out()).as(command).isNotBlank();
        }
    }

    @Test
    void whyTellsWhatIsWrongAndWhatWasDecidedAboutIt() throws Exception {
        Awaitility.await().atMost(SOON).until(() -> run(List.of("why")).code() == 0);
        Shell.Outcome well = run(List.of("why", "--last", "100"));
        assertThat(well.out()).startsWith("nothing is wrong").contains("own MySQL OPEN", "link from phx1 running");
        assertThat(well.code()).isZero();
        regions.mysql("aws2").kill();
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            Shell.Outcome outcome = run(List.of("why", "--json"));
            assertThat(outcome.code()).isEqualTo(1);
            JsonNode json = new ObjectMapper().readTree(outcome.out());
            assertThat(json.at("/findings/0/failure").asText()).isEqualTo("RegionMySqlDown");
            assertThat(json.at("/findings/0/region").asText()).isEqualTo("aws2");
        });
        assertThat(run(List.of("status")).out()).contains("diagnosis: RegionMySqlDown aws2");
        regions.mysql("aws2").start();
        Awaitility.await().atMost(SOON).until(() -> run(List.of("why")).code() == 0);
        JsonNode decisions = new ObjectMapper()
                .readTree(run(List.of("why", "aws2", "--json", "--last", "100")).out())
                .get("decisions");
        assertThat(DecisionRecord.parse(decisions.toString()))
                .allMatch(decision -> decision.region().equals("aws2"))
                .anyMatch(decision -> decision.reason().contains("goes to STANDBY"));
        assertThat(run(List.of("why", "aws3")).code()).isEqualTo(2);
    }
}
