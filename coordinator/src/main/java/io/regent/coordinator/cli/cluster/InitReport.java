package io.regent.coordinator.cli.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.sql.init.InitPlan;
import io.regent.sql.init.InitProblem;
import io.regent.sql.init.InitStep;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code init} did, as JSON shows it.
 *
 * @param cluster the cluster's name
 * @param dryRun whether nothing was to be changed
 * @param regions one for every region, in the order of the file
 * @param founding what became of founding the cluster; null if that was not asked or not tried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InitReport(
        String cluster,
        boolean dryRun,
        List<Region> regions,
        @Nullable FoundingReport founding) {
    /** How it went with a region. */
    public enum Outcome {
        /** Steps were taken. */
        DONE,
        /** The server is as it must be; nothing was done. */
        UNCHANGED,
        /** A dry run with steps to take. */
        PLANNED,
        /** Whatever could be set is, or would be; something that is needed is left to a human. */
        LEFT,
        /** Something stands in the way. */
        REFUSED,
        /** The server could not be asked, or a statement failed. */
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A region.
     *
     * @param error why it failed; empty otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Region(
            String region,
            String server,
            String outcome,
            String version,
            List<Step> steps,
            List<InitProblem> problems,
            List<String> notes,
            String error) {}

    /** A step, without passwords. */
    public record Step(String subject, String found, String action, List<String> statements) {
        static Step of(InitStep step) {
            List<String> shown =
                    step.statements().stream().map(InitStep.Sql::shown).toList();
            return new Step(step.subject(), step.found(), step.action(), shown);
        }
    }

    /**
     * A region's result.
     *
     * @param region its name
     * @param server its server
     * @param outcome how it went
     * @param plan what was found; null if the server could not be asked
     * @param error why it failed; empty otherwise
     */
    public record Result(
            String region,
            String server,
            Outcome outcome,
            @Nullable InitPlan plan,
            String error) {
        /** As JSON shows it. */
        public Region json() {
            if (plan == null) {
                return new Region(region, server, outcome.word(), "", List.of(), List.of(), List.of(), error);
            }
            List<Step> steps = plan.steps().stream().map(Step::of).toList();
            String version = plan.version().toString();
            return new Region(region, server, outcome.word(), version, steps, plan.problems(), plan.notes(), error);
        }
    }
}
