package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.cluster.InitReport.Outcome;
import io.regent.coordinator.cli.cluster.InitReport.Result;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.carriage.Carriage;
import io.regent.sql.carriage.Obstacle;
import io.regent.sql.carriage.ServerContents;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitPlan;
import io.regent.sql.init.InitProblem;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.init.SettingFix;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prepares the servers of a cluster, one region at a time. */
public final class RegionInit {
    private static final String PROGRAM = "regent-init";

    private final ClusterConfig config;
    private final Account admin;
    private final int slots;
    private final boolean dryRun;
    private final Function<String, Optional<InitProblem>> known;
    private final Map<String, Long> serverIds = new TreeMap<>();
    private final Map<String, ServerContents> contents = new TreeMap<>();

    /** @param known why rows that are nobody's must not be claimed in a region; empty if they may be */
    public RegionInit(
            ClusterConfig config,
            Account admin,
            int slots,
            boolean dryRun,
            Function<String, Optional<InitProblem>> known) {
        this.config = config;
        this.admin = admin;
        this.slots = slots;
        this.dryRun = dryRun;
        this.known = known;
    }

    /**
     * Looks up the {@code server_id} and the contents of every region that can be asked: as the administrator where that is who works
     * there, else as the observer, who may not exist yet.
     */
    public void compareWith(Set<String> adminRegions) {
        for (RegionConfig region : config.regions()) {
            Sessions sessions = adminRegions.contains(region.name())
                    ? Sessions.to(region.mysql(), admin)
                    : config.sessions(region, AccountRole.OBSERVE);
            try (Connection session = sessions.program(PROGRAM).open()) {
                Statements.numbers(session, "SELECT @@server_id").forEach(id -> serverIds.put(region.name(), id));
                contents.put(region.name(), ServerContents.read(session, users()));
            } catch (SQLException e) {
                contents.remove(region.name()); // an observer of before may not read everything
            }
        }
    }

    private Set<String> users() {
        return config.accounts().values().stream().map(Account::user).collect(Collectors.toSet());
    }

    /** The regions whose {@code server_id} is not known. */
    Set<String> notCompared() {
        Set<String> unknown = new HashSet<>(config.regionNames());
        unknown.removeAll(serverIds.keySet());
        return unknown;
    }

    /** The regions of whose contents nothing is known. */
    Set<String> contentsNotCompared() {
        Set<String> unknown = new HashSet<>(config.regionNames());
        unknown.removeAll(contents.keySet());
        return unknown;
    }

    /** Prepares it, or in a dry run tells what would be done. */
    Result run(RegionConfig region) {
        return run(region, init(region));
    }

    /** The same for a server that native replication feeds, which goes on meanwhile. */
    public Result runBesideReplication(RegionConfig region) {
        return run(region, init(region).besideReplication());
    }

    private ServerInit init(RegionConfig region) {
        return new ServerInit(settings(region), region.mysql()).unlessKnown(known.apply(region.name()));
    }

    private Result run(RegionConfig region, ServerInit init) {
        try (Connection session =
                Sessions.to(region.mysql(), admin).program(PROGRAM).open()) {
            if (dryRun) {
                InitPlan plan = init.plan(session);
                return result(region, plan.problems().isEmpty() ? Outcome.PLANNED : Outcome.REFUSED, plan);
            }
            return result(region, Outcome.DONE, init.apply(session));
        } catch (InitRefusedException e) {
            return result(region, Outcome.REFUSED, e.plan());
        } catch (SQLException e) {
            return failed(region, e);
        }
    }

    /**
     * Sets what can be set on the running server, and nothing else.
     *
     * @param absence how long a region may be away without having to be rebuilt
     */
    Result fix(RegionConfig region, Duration absence) {
        SettingFix fix = new SettingFix(settings(region), absence);
        try (Connection session =
                Sessions.to(region.mysql(), admin).program(PROGRAM).open()) {
            InitPlan found = dryRun ? fix.plan(session) : fix.apply(session);
            List<InitProblem> others = notTaken(region).stream()
                    .filter(Obstacle::isNeeded)
                    .map(one -> new InitProblem(one.subject(), one.found(), one.remedy()))
                    .toList();
            InitPlan plan = found.and(others, costs(region));
            Outcome outcome = plan.problems().isEmpty() ? dryRun ? Outcome.PLANNED : Outcome.DONE : Outcome.LEFT;
            return new Result(
                    region.name(), region.mysql().toString(), plan.isDone() ? Outcome.UNCHANGED : outcome, plan, "");
        } catch (SQLException e) {
            return failed(region, e);
        }
    }

    private Result result(RegionConfig region, Outcome outcome, InitPlan plan) {
        Outcome shown = plan.isDone() ? Outcome.UNCHANGED : outcome;
        List<String> stops = notTaken(region).stream()
                .filter(Obstacle::isNeeded)
                .map(one -> "cannot be carried: " + one.line())
                .toList();
        InitPlan all = plan.and(List.of(), stops).and(List.of(), costs(region));
        return new Result(region.name(), region.mysql().toString(), shown, all, "");
    }

    private Result failed(RegionConfig region, SQLException e) {
        String error = ServerErrors.explain(region, admin.user(), e);
        return new Result(region.name(), region.mysql().toString(), Outcome.FAILED, null, error);
    }

    private List<String> costs(RegionConfig region) {
        return notTaken(region).stream()
                .filter(one -> !one.isNeeded())
                .map(Obstacle::line)
                .toList();
    }

    /** What this region has and another one does not take. */
    private List<Obstacle> notTaken(RegionConfig region) {
        List<Obstacle> all = new ArrayList<>();
        ServerContents own = contents.get(region.name());
        if (own != null) {
            contents.forEach((other, theirs) -> {
                if (!other.equals(region.name())) {
                    all.addAll(Carriage.between(region.name(), own, other, theirs));
                }
            });
        }
        return all;
    }

    private InitSettings settings(RegionConfig region) {
        Map<String, Long> others = new TreeMap<>(serverIds);
        others.remove(region.name());
        int offset = config.regionNames().indexOf(region.name()) + 1;
        return new InitSettings(config.accounts(), slots, offset, Set.copyOf(others.values()));
    }
}
