package io.regent.sql.carriage;

import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import io.regent.sql.gtid.Tsid;
import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who else writes on a server, and in which ways. Pure. */
final class TrafficRules {
    /** How the subject of every channel begins. */
    static final String CHANNEL = "replica channel ";

    private static final String GROUP = "group_replication_";

    private TrafficRules() {}

    static List<Obstacle> of(ServerContents server) {
        List<Obstacle> all = new ArrayList<>();
        server.of(Kind.CHANNEL).forEach(channel -> all.add(channel(channel)));
        tags(server, all);
        server.of(Kind.STATEMENTS).forEach(count -> all.add(distributed(count)));
        accounts(server, all);
        return all;
    }

    private static Obstacle channel(Item channel) {
        boolean group = channel.name().startsWith(GROUP);
        String of = " FOR CHANNEL " + Quoting.string(channel.name());
        String subject = CHANNEL + "'" + channel.name() + "'";
        String found = (group ? "is of Group Replication" : "from " + channel.detail())
                + "; it writes whatever the write state is, and starts with mysqld";
        return group
                ? Obstacle.of(
                        Weight.REFUSES,
                        subject,
                        found,
                        "STOP GROUP_REPLICATION; RESET REPLICA ALL" + of
                                + "; and line  group_replication_start_on_boot = OFF  in my.cnf")
                : Obstacle.mended(
                        Weight.REFUSES, subject, found, List.of("STOP REPLICA" + of, "RESET REPLICA ALL" + of));
    }

    private static void tags(ServerContents server, List<Obstacle> all) {
        if (!server.has("gtid_executed")) {
            return;
        }
        Set<String> tags = server.executed().tsids().stream()
                .filter(Tsid::isTagged)
                .map(Tsid::tag)
                .collect(Collectors.toSet());
        if (!tags.isEmpty()) {
            all.add(
                    Obstacle.of(
                            Weight.STOPS,
                            "tagged GTIDs",
                            "transactions were committed with the tags " + Carriage.named(List.copyOf(tags))
                                    + "; a link stops at each, and MySQL before 8.3 cannot store them",
                            "applications leave gtid_next at AUTOMATIC, without a tag (REVOKE TRANSACTION_GTID_TAG ON *.* FROM"
                                    + " ...); regions are made from a copy that has those executed already, all of 8.3 or newer"));
        }
    }

    private static Obstacle distributed(Item count) {
        return Obstacle.of(
                Weight.COSTS,
                "XA transactions",
                "XA START was executed " + count.detail() + " times since mysqld began to count; a link stops at each"
                        + " that changed something and came into the binlog, when it is prepared or committed in one phase,"
                        + " and there is no skip: the regions behind it are to be rebuilt",
                "applications use ordinary transactions (BEGIN, COMMIT)");
    }

    private static void accounts(ServerContents server, List<Obstacle> all) {
        List<Item> found = server.of(Kind.PRIVILEGED);
        List<Item> programs =
                found.stream().filter(account -> account.detail().isEmpty()).toList();
        if (!programs.isEmpty()) {
            all.add(Obstacle.mended(
                    Weight.COSTS,
                    "accounts that write past read_only",
                    Carriage.named(names(programs)) + "; what they write at a STANDBY is undone there, and stranded",
                    programs.stream()
                            .map(account -> "REVOKE SUPER, CONNECTION_ADMIN ON *.* FROM " + name(account))
                            .toList()));
        }
        List<Item> administrators = found.stream()
                .filter(account -> account.detail().equals("ADMINISTRATOR"))
                .toList();
        if (!administrators.isEmpty()) {
            all.add(Obstacle.of(
                    Weight.TOLD,
                    "administrators, who write past read_only",
                    Carriage.named(names(administrators)),
                    "no application logs in as one of them"));
        }
    }

    /** Events run as their definers, be these locked or not. */
    static List<Obstacle> straying(ServerContents server) {
        Set<String> privileged = server.of(Kind.PRIVILEGED).stream()
                .map(account -> account.schema() + "@" + account.name())
                .collect(Collectors.toSet());
        return server.of(Kind.EVENT).stream()
                .filter(event -> privileged.contains(event.detail()))
                .map(event -> Obstacle.mended(
                        Weight.COSTS,
                        "event " + event.full(),
                        "it writes as " + event.detail()
                                + ", past read_only: what it writes at a STANDBY is undone there",
                        List.of("ALTER EVENT " + Quoting.identifier(event.schema(), event.name()) + " DISABLE")))
                .toList();
    }

    private static List<String> names(List<Item> accounts) {
        return accounts.stream().map(TrafficRules::name).toList();
    }

    private static String name(Item account) {
        return Quoting.account(account.schema(), account.name());
    }
}
