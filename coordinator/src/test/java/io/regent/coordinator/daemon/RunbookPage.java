package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that a runbook tells to type. */
record RunbookPage(Path page) {
    private static final Path RUNBOOKS = Path.of("..", "failover", "runbooks");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern HOLD_OFF = Pattern.compile("`dbctl (policy\\s+--hold-off\\s[^`]+)`");
    private static final String PROMPT = "$ dbctl ";

    static RunbookPage of(String failure) {
        return new RunbookPage(RUNBOOKS.resolve(failure + ".md"));
    }

    static List<RunbookPage> all() throws IOException {
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            return pages.map(RunbookPage::new).toList();
        }
    }

    List<String> commands() throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith(PROMPT))
                .map(line -> line.substring(PROMPT.length()))
                .toList();
    }

    /** The hold-offs that it names in its text, to be tried only. */
    List<String> holdOffs() throws IOException {
        List<String> all = new ArrayList<>();
        Matcher matcher = HOLD_OFF.matcher(Files.readString(page));
        while (matcher.find()) {
            all.add(matcher.group(1).replaceAll("\\s+", " ") + " --dry-run");
        }
        return all;
    }

    /** Each one says something, typed while it is as the page tells. */
    void everyCommandAnswers(String region, Path file) throws IOException {
        everyCommandAnswers(region, "00000000-0000-0000-0000-000000000007:7", file);
    }

    /** @param gtid where it speaks of one */
    void everyCommandAnswers(String region, String gtid, Path file) throws IOException {
        assertThat(commands()).as(page.toString()).isNotEmpty();
        for (String command : commands()) {
            Shell.Outcome outcome = type(command.replace("GTID", gtid), region, file);
            assertThat(outcome.code())
                    .as("dbctl " + command + "\n" + outcome.out() + outcome.err())
                    .isIn(0, 1);
            assertThat(outcome.out()).as(command).isNotBlank();
        }
    }

    /** Types it, for this region, with this file, as an administrator who needs no password. */
    static Shell.Outcome type(String command, String region, Path file) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.replace("REGION", region)
                .replace("OTHER", region.equals("aws2") ? "aws1" : "aws2")
                .replace("--password-env ADMIN_PASSWORD", "--no-password"));
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        words.addAll(List.of("--config", file.toString()));
        return new Shell().run(words.toArray(String[]::new));
    }
}
