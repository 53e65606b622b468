package io.regent.docker.demo;

import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.step.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The report as JSON. What was not reached is null.
 *
 * @param ok whether everything is as promised
 * @param reasons what is not
 * @param seed of everything that the clients chose
 * @param acknowledged writes that a server said OK to
 * @param unknown writes whose session was lost before an answer
 * @param refused writes that a server said no to
 * @param missing acknowledged writes that are neither everywhere nor accounted for
 * @param adoptions e-mails that belong to another user than the one they were written for
 * @param regionsEqual whether all rows of all tables are the same in all regions
 * @param rows how many were compared
 * @param movePauseMillis from the last OK at the old master to the first OK at the new one, over all clients
 * @param moveLost acknowledged writes that the new master did not have
 * @param failoverMillis the same pause when the master was killed
 * @param controllerLost whether the coordinator that was killed with it was the controller
 * @param stranded transactions that only the killed master had
 * @param held how many of them are held
 * @param released how many of them were released
 */
public record DemoReport(
        boolean ok,
        List<String> reasons,
        long seed,
        long acknowledged,
        long unknown,
        long refused,
        @Nullable Long missing,
        @Nullable Long adoptions,
        @Nullable Boolean regionsEqual,
        @Nullable Long rows,
        @Nullable Long movePauseMillis,
        long moveLost,
        @Nullable Long failoverMillis,
        boolean controllerLost,
        long stranded,
        long held,
        long released) {
    static DemoReport of(PlaySettings settings, History history, Findings findings) {
        Optional<Verdict> verdict = findings.verdict();
        return new DemoReport(
                findings.faults().isEmpty(),
                findings.faults(),
                settings.seed(),
                history.count(Outcome.ACKNOWLEDGED),
                history.count(Outcome.UNKNOWN),
                history.count(Outcome.REFUSED),
                verdict.map(Verdict::missing).orElse(null),
                verdict.map(Verdict::adoptions).orElse(null),
                verdict.map(Verdict::regionsEqual).orElse(null),
                verdict.map(Verdict::rows).orElse(null),
                last(findings.movePauses()),
                findings.moveLost(),
                last(findings.failovers()),
                findings.controllerLost(),
                findings.stranded(),
                findings.held(),
                findings.released());
    }

    private static @Nullable Long last(List<Duration> pauses) {
        return pauses.isEmpty() ? null : pauses.get(pauses.size() - 1).toMillis();
    }

    /** A few lines for the terminal. */
    List<String> lines() {
        String equal = regionsEqual == null ? "not compared" : regionsEqual ? "equal" : "NOT EQUAL";
        return List.of(
                "writes        %d acknowledged, %d unknown, %s missing"
                        .formatted(acknowledged, unknown, shown(missing)),
                "move          %s ms without writes, %d lost".formatted(shown(movePauseMillis), moveLost),
                "failover      %s ms without writes%s"
                        .formatted(shown(failoverMillis), controllerLost ? ", the controller was lost too" : ""),
                "stranded      %d: %d held, %d released".formatted(stranded, held, released),
                "regions       %s, %s adoptions".formatted(equal, shown(adoptions)),
                "seed          " + seed);
    }

    private static String shown(@Nullable Number number) {
        return number == null ? "-" : number.toString();
    }
}
