package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.mastership.ClusterReport.Mastership;
import io.regent.coordinator.cli.mastership.ClusterReport.Region;
import io.regent.coordinator.cli.mastership.ClusterReport.Renewal;
import io.regent.coordinator.cli.mastership.ClusterReport.Reported;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cluster's status for people: one line of verdict, a table, the links, what is wrong. */
final class StatusText {
    private static final List<String> HEAD =
            List.of("region", "mysql", "state", "epoch", "lacks", "beyond", "lease", "coordinator");

    private final ClusterReport report;
    private final List<String> links = new ArrayList<>();

    StatusText(ClusterReport report) {
        this.report = report;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Mastership now = report.mastership();
        lines.add("cluster " + report.cluster() + ": epoch " + now.epoch() + ", master " + now.master() + ": "
                + (report.problems().isEmpty() ? "healthy" : "NOT HEALTHY"));
        if (now.history() == null) {
            lines.add("  its history is not known yet: a failover is under way");
        }
        now.plans().forEach(plan -> lines.add("  under way: " + plan));
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        report.regions().forEach(region -> rows.add(row(region)));
        lines.addAll(table(rows));
        lines.addAll(links);
        report.diagnosis()
                .forEach(finding -> lines.add(
                        "diagnosis: " + name(finding) + ", seen by " + finding.get("witnesses") + " (dbctl why)"));
        report.problems().forEach(problem -> lines.add("problem: " + problem));
        report.notes().forEach(note -> lines.add("note: " + note));
        return lines;
    }

    private static String name(Map<String, Object> finding) {
        Object region = finding.get("region");
        return finding.get("failure") + ("".equals(region) ? "" : " " + region);
    }

    private List<String> row(Region region) {
        CoordinatorStatus status = region.coordinator().status();
        if (status != null) {
            for (LinkState link : status.links()) {
                links.add(link(region.region(), link));
                StoppedLink.of(region.region(), link).forEach(stopped -> links.addAll(stopped.lines()));
            }
        }
        boolean master = region.region().equals(report.mastership().master());
        Reported reported = region.reported();
        return List.of(
                region.region() + (master ? " *" : ""),
                region.mysql().isEmpty() ? "?" : region.mysql(),
                reported == null ? "?" : reported.state(),
                reported == null ? "?" : Long.toString(reported.epoch()),
                reported == null ? "?" : master ? "-" : Long.toString(reported.lacks()),
                reported == null ? "?" : Long.toString(reported.beyond()),
                lease(region.lease(), master, status),
                coordinator(region, status));
    }

    private String lease(Renewal lease, boolean master, @Nullable CoordinatorStatus status) {
        if (!master || lease.epoch() != report.mastership().epoch()) {
            return "-";
        }
        String phase = lease.phase().toLowerCase(Locale.ROOT);
        long left = status == null ? 0 : status.server().leaseMillisLeft();
        return left == 0 ? phase : String.format(Locale.ROOT, "%s, %.1f s left", phase, left / 1000.0);
    }

    private static String coordinator(Region region, @Nullable CoordinatorStatus status) {
        if (status == null) {
            String seen = region.present() ? "present" : "none";
            return region.coordinator().error().isEmpty() ? seen : seen + ", does not tell";
        }
        String office = status.duty().controller()
                ? "active, controller"
                : status.duty().active() ? "active" : "stands by";
        return status.identity().coordinator() + " " + office;
    }

    private static String link(String region, LinkState link) {
        Long lag = link.lagMillis();
        return "link " + region + "<-" + link.source() + ": " + link.state()
                + (lag == null ? "" : ", " + lag + " ms behind")
                + ", " + link.applied() + " transactions"
                + (link.detail().isEmpty() ? "" : ": " + link.detail());
    }

    /** Columns as wide as their widest cell. */
    static List<String> table(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(one -> one.get(at).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .append(" ".repeat(width + 2 - row.get(column).length()));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
