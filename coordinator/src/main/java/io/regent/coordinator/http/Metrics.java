package io.regent.coordinator.http;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.model.WriteState;
import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A status in numbers, in Prometheus' text format. What is not known is NaN, what is gone is left out. */
final class Metrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double MILLIS = 1000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Metric> metrics = new ArrayList<>();

    /** One name with its rows. */
    private record Metric(MultiGauge gauge, Function<CoordinatorStatus, List<Row<?>>> rows) {}

    Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        mastership();
        server();
        link("regent.link.up", "1 if transactions come through from the source", link -> truth(link.isUp()));
        link("regent.link.relayed", "1 if another region brings what it should", link -> truth(link.relay() != null));
        link("regent.link.lag.seconds", "how far the link is behind its source", link -> seconds(link.lagMillis()));
        stopped();
        link("regent.link.applied", "transactions committed since the link was started", LinkState::applied);
        failures();
    }

    private void mastership() {
        one(
                "regent.primary",
                "1 if open for writes under a lease that lasts now",
                s -> truth(s.server().primary()));
        one(
                "regent.active",
                "1 if this is its region's active coordinator",
                s -> truth(s.duty().active()));
        one(
                "regent.controller",
                "1 if this is the cluster's controller",
                s -> truth(s.duty().controller()));
        one(
                "regent.zookeeper.connected",
                "1 if connected to ZooKeeper",
                s -> truth(s.mastership().zookeeper().equals(CoordinatorStatus.CONNECTED)));
        one("regent.epoch", "the cluster's epoch as last seen", s -> {
            Long epoch = s.mastership().epoch();
            return epoch == null ? Double.NaN : epoch;
        });
        one(
                "regent.closing",
                "1 while the master closes for a plan",
                s -> truth(s.mastership().closing() != null));
        one(
                "regent.released",
                "1 if the master gave up and nobody is named",
                s -> truth(s.mastership().released()));
        one(
                "regent.look.age.seconds",
                "how long ago the loop last turned",
                s -> s.loop().lookAgeMillis() / MILLIS);
    }

    private void server() {
        one(
                "regent.lease.left.seconds",
                "how long the lease lasts from now on",
                s -> s.server().leaseMillisLeft() / MILLIS);
        one(
                "regent.commits.hang.seconds",
                "for how long no commit has got through; 0 if they do",
                s -> s.server().commitsHangMillis() / MILLIS);
        one(
                "regent.recorded.epoch",
                "the newest epoch stored in the MySQL",
                s -> s.server().recordedEpoch());
        one(
                "regent.executed.transactions",
                "how many transactions the MySQL executed",
                s -> count(s.server().executed()));
        one(
                "regent.diverged.transactions",
                "how many of them are outside history",
                s -> count(s.server().diverged()));
        add("regent.write.state", "1 for the state that the MySQL is in", s -> {
            List<Row<?>> rows = new ArrayList<>();
            for (WriteState state : WriteState.values()) {
                Tags tags = tags(s).and("state", state.name().toLowerCase(Locale.ROOT));
                rows.add(Row.of(tags, truth(s.server().writeState() == state)));
            }
            return rows;
        });
    }

    /** Both images stand in {@code /status}: too long for a label. */
    private void stopped() {
        add("regent.link.stopped", "1 for a link that stopped at a transaction, which is named", status -> {
            List<Row<?>> rows = new ArrayList<>();
            for (LinkState link : status.links()) {
                StopReport at = link.stopped();
                if (at != null) {
                    StopReport.Row row = at.row();
                    Tags which = Tags.of("source", link.source(), "gtid", at.gtid())
                            .and("table", at.table().orElse(String.join(",", at.tables())))
                            .and("key", row == null || !row.refused() ? "" : row.key())
                            .and("error", Integer.toString(at.error()));
                    rows.add(Row.of(tags(status).and(which), 1));
                }
            }
            return rows;
        });
    }

    /** The region is the one that it befalls: several coordinators may see the same. */
    private void failures() {
        add("regent.failure", "1 for each failure that stands, by its name and whose it is", status -> {
            CoordinatorStatus.Identity by = status.identity();
            List<Row<?>> rows = new ArrayList<>();
            for (CoordinatorStatus.Failing one : status.around().failures()) {
                Tags which = Tags.of("failure", one.failure(), "region", one.region());
                rows.add(Row.of(
                        which.and("cluster", by.cluster(), "by", by.region(), "coordinator", by.coordinator()), 1));
            }
            return rows;
        });
    }

    private void one(String name, String help, ToDoubleFunction<CoordinatorStatus> value) {
        add(name, help, status -> List.of(Row.of(tags(status), value.applyAsDouble(status))));
    }

    private void link(String name, String help, ToDoubleFunction<LinkState> value) {
        add(name, help, status -> {
            List<Row<?>> rows = new ArrayList<>();
            for (LinkState link : status.links()) {
                rows.add(Row.of(tags(status).and("source", link.source()), value.applyAsDouble(link)));
            }
            return rows;
        });
    }

    private void add(String name, String help, Function<CoordinatorStatus, List<Row<?>>> rows) {
        metrics.add(new Metric(MultiGauge.builder(name).description(help).register(registry), rows));
    }

    /** All of them, as they are in this status. */
    synchronized String of(CoordinatorStatus status) {
        metrics.forEach(metric -> metric.gauge.register(metric.rows.apply(status), true));
        return registry.scrape();
    }

    private static Tags tags(CoordinatorStatus status) {
        CoordinatorStatus.Identity who = status.identity();
        return Tags.of("cluster", who.cluster(), "region", who.region(), "coordinator", who.coordinator());
    }

    private static double truth(boolean is) {
        return is ? 1 : 0;
    }

    private static double seconds(@Nullable Long millis) {
        return millis == null ? Double.NaN : millis / MILLIS;
    }

    private static double count(String set) {
        return GtidSet.parse(set).count();
    }
}
