package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.Ticket;
import io.regent.failover.history.Deliverable;
import io.regent.failover.history.SourceEpoch;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.replicator.apply.Guard;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkSettings;
import io.regent.replicator.link.LinkSettings.Tuning;
import io.regent.replicator.link.Salvage;
import io.regent.replicator.link.Terms;
import io.regent.replicator.order.Admission;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.init.AccountRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Makes the links into a region from what the configuration and ZooKeeper say of the others. */
public final class RegionLinks implements LinkSet.Factory {
    private final ClusterConfig config;
    private final RegionConfig own;
    private final Supplier<@Nullable ClusterState> cluster;

    /**
     * @param own the region that the links lead to
     * @param cluster the last cluster that was seen
     */
    public RegionLinks(ClusterConfig config, RegionConfig own, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.own = own;
        this.cluster = cluster;
    }

    @Override
    public Map<String, Link> create(Deliverable deliverable, long incarnation, LinkSet.Siblings links) {
        Map<String, Link> made = new LinkedHashMap<>();
        ClusterState seen = cluster.get();
        if (seen == null) {
            return made;
        }
        Guard guard = new Guard(deliverable.epoch(), incarnation);
        Map<UUID, String> owners =
                seen.origins().stream().collect(Collectors.toUnmodifiableMap(Origin::uuid, Origin::region));
        for (RegionConfig source : config.regions()) {
            Set<UUID> origins = seen.originsOf(source.name()).map(Origin::uuid).collect(Collectors.toUnmodifiableSet());
            if (!source.equals(own) && !origins.isEmpty()) {
                Admission admission = admission(
                        source.name(),
                        deliverable,
                        uuid -> isAbsent(owners.get(uuid), links),
                        () -> links.isAway(deliverable.master()),
                        new Bringers(own.name(), owners, links::status));
                made.put(source.name(), new Link(settings(seen, source, origins), new Terms(guard, admission)));
            }
        }
        return made;
    }

    /**
     * A source that knows a later verdict than these links may hold bytes which that one made void, or have committed
     * them empty: nothing of it beyond the cut, and nothing that it had from others, before the target knows it too.
     */
    private Admission admission(
            String source, Deliverable deliverable, Predicate<UUID> absent, BooleanSupplier away, Bringers bringers) {
        return mark -> {
            boolean ahead = mark.verdict() > deliverable.verdict();
            SourceEpoch epoch = ahead ? SourceEpoch.unknown(source) : epoch(source, mark);
            return new LinkDelivery(
                    deliverable,
                    deliverable.from(epoch),
                    PassedOn.by(epoch, deliverable, () -> knowsOpening(deliverable), away),
                    uuid -> !ahead && absent.test(uuid),
                    this::isOwned,
                    bringers::of);
        };
    }

    private static SourceEpoch epoch(String source, SourceMark mark) {
        return new SourceEpoch(source, mark.recordedEpoch(), mark.openedEpoch(), mark.verdict(), mark.executed());
    }

    /** By the last look: while ZooKeeper does not answer, what may be committed stays as it is. */
    private boolean knowsOpening(Deliverable deliverable) {
        ClusterState seen = cluster.get();
        return seen != null && deliverable.knowsOpening(seen);
    }

    /** By the last look at ZooKeeper, not by that of the link's beginning: a region may have a new server since. */
    private boolean isOwned(UUID uuid) {
        ClusterState seen = cluster.get();
        return seen == null
                || seen.origins().stream().anyMatch(origin -> origin.uuid().equals(uuid));
    }

    private static boolean isAbsent(@Nullable String owner, LinkSet.Siblings links) {
        return owner == null || links.isAbsent(owner);
    }

    private LinkSettings settings(ClusterState seen, RegionConfig source, Set<UUID> origins) {
        return new LinkSettings(
                source.name(),
                own.name(),
                config.sessions(source, AccountRole.CAPTURE),
                config.sessions(own, AccountRole.APPLY),
                origins,
                readerId(config.cluster() + "/" + own.name() + "<-" + source.name()),
                salvage(seen, source),
                Tuning.defaults(spill(config)));
    }

    /** Where links let the rows of large transactions wait. */
    public static Path spill(ClusterConfig config) {
        return config.state().resolve("spill");
    }

    private Salvage salvage(ClusterState seen, RegionConfig source) {
        Znode<Report> report = seen.region(source.name()).report();
        long settled = report == null ? Long.MAX_VALUE : report.value().settled();
        return source.coordinator()
                .<Salvage>map(address -> new SalvageClient(address, ticket(config, source), settled))
                .orElse(Salvage.NONE);
    }

    /** What who reads that region's binlog shows. */
    public static Ticket ticket(ClusterConfig config, RegionConfig region) {
        String password = config.sessions(region, AccountRole.CAPTURE).account().password();
        return new Ticket(password, config.cluster(), region.name());
    }

    /** Always the same for the same link, so that a source ends the stream of a predecessor that was killed. */
    public static long readerId(String link) {
        CRC32 crc = new CRC32();
        crc.update(link.getBytes(StandardCharsets.UTF_8));
        return 0x4000_0000L | (crc.getValue() & 0x3fff_ffffL);
    }
}
