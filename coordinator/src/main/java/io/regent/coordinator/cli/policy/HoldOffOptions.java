package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.Suggestion;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hold-offs that a command line sets, of all that is unconfirmed, of all that is confirmed, or by name. */
final class HoldOffOptions {
    private static final int LONGEST_SECONDS = 86_400;
    private static final String DEFAULT = "default";
    private static final Pattern LENGTH = Pattern.compile("(-?[0-9]{1,9})s?");

    private final List<Named> named = new ArrayList<>();
    private final @Nullable Duration confirmed;

    private record Named(Failure failure, @Nullable Duration length) {}

    /**
     * Reads them.
     *
     * @param words each {@code SECONDS} or {@code NAME=SECONDS}
     * @param confirmed in seconds; null if it is not to change
     * @throws CliException if one is neither, too long, or of a failure that no silent master is taken for
     */
    HoldOffOptions(List<String> words, @Nullable Integer confirmed) throws CliException {
        for (String word : words) {
            int at = word.indexOf('=');
            String option = at < 0 ? "--hold-off" : "--hold-off " + word.substring(0, at);
            Failure failure = at < 0 ? Failure.MASTER_UNCONFIRMED : failure(word.substring(0, at));
            named.add(new Named(failure, length(option, word.substring(at + 1))));
        }
        this.confirmed = confirmed == null ? null : length("--hold-off-confirmed", confirmed.toString());
    }

    private static Failure failure(String name) throws CliException {
        for (Failure failure : HoldOff.FAILURES) {
            if (failure.title().equalsIgnoreCase(name)) {
                return failure;
            }
        }
        List<String> names = HoldOff.FAILURES.stream().map(Failure::title).toList();
        throw new CliException(
                "--hold-off: no silent master is taken for '" + name + "'; " + Suggestion.sentence(name, names));
    }

    private static @Nullable Duration length(String option, String word) throws CliException {
        if (word.equals(DEFAULT)) {
            return null;
        }
        Matcher matcher = LENGTH.matcher(word);
        int seconds = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
        if (seconds < 0 || seconds > LONGEST_SECONDS) {
            throw new CliException(option + ": from 0 to " + LONGEST_SECONDS + " seconds, not " + word);
        }
        return Duration.ofSeconds(seconds);
    }

    /** What holds once they are set. */
    HoldOff over(HoldOff now) {
        HoldOff next = confirmed == null ? now : new HoldOff(confirmed, now.unconfirmed(), now.named());
        for (Named one : named) {
            next = next.with(one.failure, one.length);
        }
        return next;
    }
}
