package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.cluster.InitReport.Outcome;
import io.regent.coordinator.cli.cluster.InitReport.Result;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitPlan;
import io.regent.sql.init.InitProblem;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Prepares the servers of a cluster, one region at a time. */
final class RegionInit {
    private static final String PROGRAM = "regent-init";

    private final ClusterConfig config;
    private final Account admin;
    private final int slots;
    private final boolean dryRun;
    private final Function<String, Optional<InitProblem>> known;
    private final Map<String, Long> serverIds = new HashMap<>();

    /** @param known why rows that are nobody's must not be claimed in a region; empty if they may be */
    RegionInit(
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
     * Looks up the {@code server_id} of every region that can be asked: as the administrator where that is who works
     * there, else as the observer, who may not exist yet.
     */
    void compareWith(Set<String> adminRegions) {
        for (RegionConfig region : config.regions()) {
            Sessions sessions = adminRegions.contains(region.name())
                    ? Sessions.to(region.mysql(), admin)
                    : config.sessions(region, AccountRole.OBSERVE);
            try (Connection session = sessions.program(PROGRAM).open();
                    Statement statement = session.createStatement();
                    ResultSet row = statement.executeQuery("SELECT @@server_id")) {
                if (row.next()) {
                    serverIds.put(region.name(), row.getLong(1));
                }
            } catch (SQLException e) {
                serverIds.remove(region.name());
            }
        }
    }

    /** The regions whose {@code server_id} is not known. */
    Set<String> notCompared() {
        Set<String> unknown = new HashSet<>(config.regionNames());
        unknown.removeAll(serverIds.keySet());
        return unknown;
    }

    Result run(RegionConfig region) {
        ServerInit init = new ServerInit(settings(region), region.mysql()).unlessKnown(known.apply(region.name()));
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
            String error = ServerErrors.explain(region, admin.user(), e);
            return new Result(region.name(), region.mysql().toString(), Outcome.FAILED, null, error);
        }
    }

    private static Result result(RegionConfig region, Outcome outcome, InitPlan plan) {
        Outcome shown = plan.isDone() ? Outcome.UNCHANGED : outcome;
        return new Result(region.name(), region.mysql().toString(), shown, plan, "");
    }

    private InitSettings settings(RegionConfig region) {
        Map<String, Long> others = new HashMap<>(serverIds);
        others.remove(region.name());
        int offset = config.regionNames().indexOf(region.name()) + 1;
        return new InitSettings(config.accounts(), slots, offset, Set.copyOf(others.values()));
    }
}
