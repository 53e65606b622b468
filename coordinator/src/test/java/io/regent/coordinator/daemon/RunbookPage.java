package io.regent.coordinator.daemon;

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

    /** Types it, for this region, with this file. */
    static Shell.Outcome type(String command, String region, Path file) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.replace("REGION", region));
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        words.addAll(List.of("--config", file.toString()));
        return new Shell().run(words.toArray(String[]::new));
    }
}
