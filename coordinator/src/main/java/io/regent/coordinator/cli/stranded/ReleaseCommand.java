package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.replicator.stranded.certify.Component;
import io.regent.replicator.stranded.release.Released;
import io.regent.replicator.stranded.release.Releases;
import io.regent.sql.gtid.Gtid;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "release",
        description = {
            "Writes stranded transactions anew on the master, as one new transaction for all that stand or fall with"
                    + " GTID, if they are certified (see 'check'). They are judged again under locks, and every row must"
                    + " be as they found it.",
            "With --uncertified nobody looks what the master wrote since: a row that was deleted and put back with the"
                    + " same values is taken for the one that was meant, and what is released may hang on somebody"
                    + " else's row. Every row and every parent that is there must fit all the same. What can't be"
                    + " compared whole is refused even so, and named: definitions, partial row images, XA and savepoints"
                    + " gone back to, checks that were off, rows that a foreign key may change unseen, tables that differ."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:released, or nothing was to be; in a dry run: they would be",
            "1:not or not all of it; why is printed",
            "2:wrong use, an error in the file, or the master could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl stranded release --certified --dry-run",
            "  dbctl stranded release 2191e384-eb3c-11f1-bf5a-02fc00000001:812"
        })
final class ReleaseCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", arity = "0..1", paramLabel = "GTID", description = "One of those to release.")
    private @Nullable String gtid;

    @Option(names = "--certified", description = "Releases all that is certified; the rest stays held.")
    private boolean certified;

    @Option(names = "--uncertified", description = "Releases those of GTID though they are not certified; see above.")
    private boolean uncertified;

    @Option(names = "--dry-run", description = "Judges, prints what would be released, and releases nothing.")
    private boolean dryRun;

    private final List<Map<String, @Nullable Object>> told = new ArrayList<>();

    ReleaseCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        String named = gtid;
        if ((named == null) != certified) {
            throw new CliException("either a GTID or --certified; 'dbctl stranded check' shows what there is");
        }
        if (uncertified && certified) {
            throw new CliException("--uncertified is a choice for one GTID");
        }
        Gtid wanted = named == null ? null : StrandedEntries.gtid(named);
        int code = MasterReleases.of(cli.config()).judging(releases -> {
            List<Component> components = releases.check();
            List<Component> chosen = wanted == null ? components : List.of(componentOf(wanted, components));
            boolean all = true;
            for (Component component : chosen) {
                all &= release(releases, component);
            }
            if (!dryRun) {
                releases.tell();
            }
            return all ? 0 : 1;
        });
        if (cli.json()) {
            cli.printJson(told);
        } else if (told.isEmpty()) {
            cli.out().println("nothing is held");
        }
        return code;
    }

    private static Component componentOf(Gtid wanted, List<Component> components) throws CliException {
        return components.stream()
                .filter(component -> component.members().contains(wanted))
                .findFirst()
                .orElseThrow(
                        () -> new CliException(wanted + " is not held at the master; 'dbctl stranded list' has all"));
    }

    private boolean release(Releases releases, Component component) throws SQLException, InterruptedException {
        Optional<String> against = uncertified ? releases.impossible(component) : component.reason();
        if (against.isPresent() || dryRun) {
            tell(component, against.isPresent() ? "held" : "would be released", "", against.orElse(onlyJudged()));
            return against.isEmpty();
        }
        Released released = uncertified
                ? releases.releaseUncertified(component, MasterReleases.operator())
                : releases.release(component, MasterReleases.operator());
        tell(
                component,
                released.done() ? "released" : "held",
                released.as().map(Object::toString).orElse(""),
                released.refused().orElse(released.done() ? "" : "not released"));
        return released.done();
    }

    private String onlyJudged() {
        return uncertified ? "its rows are compared only when it is done" : "";
    }

    private void tell(Component component, String what, String as, String reason) {
        List<String> members =
                component.members().stream().map(Object::toString).toList();
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("members", members);
        one.put("outcome", what);
        one.put("as", as.isEmpty() ? null : as);
        one.put("reason", reason.isEmpty() ? null : reason);
        told.add(one);
        if (!cli.json()) {
            cli.out().println(what + (as.isEmpty() ? "" : " as " + as) + (reason.isEmpty() ? "" : ": " + reason));
            members.forEach(member -> cli.out().println("  " + member));
        }
    }
}
