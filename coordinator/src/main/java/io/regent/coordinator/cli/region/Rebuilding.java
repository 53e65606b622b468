package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.ServerInit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Does it, in the order that the package says. Every step can be done again. */
final class Rebuilding {
    private final Work work;
    private final Supplier<UUID> random;
    private final Finishing finishing;

    Rebuilding(Work work, Supplier<UUID> random) {
        this.work = work;
        this.random = random;
        this.finishing = new Finishing(work);
    }

    /** The region's data is replaced by the source's. */
    RegionReport rebuild(RegionReport report, RegionServer target, RegionConfig source) throws CliException {
        Replacement replacement = new Replacement(work, source, random);
        List<String> problems = replacement.run(target);
        if (!problems.isEmpty()) {
            return report.refused(problems);
        }
        Replacement.Prepared done = replacement.prepared();
        return back(report, done.uuid(), server -> done.donor().equals(server.rowsOf()), true);
    }

    /** The region's data has been replaced already, or it keeps its own. */
    RegionReport goOn(RegionReport report, RegionServer target, RegionPlan plan, boolean keepsData)
            throws CliException {
        if (plan.copied() && !keepsData) {
            new DonorAccount(work).dropEverywhere();
        }
        ClusterState cluster = work.look();
        UUID uuid = NewUuid.choose(cluster, target, keepsData, random.get());
        if (!target.uuid().equals(uuid)) {
            work.servers().with(work.order().region(), session -> {
                ServerInit.startsSealed(session);
                return true;
            });
        }
        NewUuid.claim(work.observer(), work.config(), work.region(), uuid);
        if (target.uuid().equals(uuid)) {
            // Its own rows under a uuid that was nobody's: it is what it was, and its links may be running.
            return target.isItself() ? report.done(uuid.toString()) : finishing.run(report, target, plan.copied());
        }
        NewUuidFile file = new NewUuidFile(work, target, uuid);
        if (file.write()) {
            work.tell()
                    .accept("restart mysqld of " + work.region() + " now: it comes back with the server uuid " + uuid
                            + "; waiting up to " + work.order().timeout().toSeconds() + " s");
        } else {
            file.tellByHand();
        }
        return back(report, uuid, server -> Objects.equals(server.rowsOf(), target.rowsOf()), plan.copied());
    }

    private RegionReport back(RegionReport report, UUID uuid, Predicate<RegionServer> become, boolean copied)
            throws CliException {
        Optional<RegionServer> back = new Restart(work.servers(), work.order().region(), work.tell())
                .await(uuid, become, work.order().timeout());
        return back.isPresent()
                ? finishing.run(report, back.get(), copied)
                : report.unfinished(List.of("mysqld of " + work.region() + " at "
                        + work.order().region().mysql() + " is not back within "
                        + work.order().timeout().toSeconds()
                        + " s: start it, and run this again"));
    }
}
