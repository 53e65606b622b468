package io.regent.replicator.link;

import io.regent.replicator.lab.Region;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.transaction.Spilling;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** A link in a process of its own, to be killed. Arguments: source address, its uuid, target address, server id, two accounts, order. */
final class LinkProcess {
    private static final String SERVER_ID = "777";

    private LinkProcess() {}

    /** How to start one. */
    static List<String> command(Region source, Region target, CommitOrder order, String... jvm) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(jvm));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LinkProcess.class.getName(),
                source.server().address().toString(),
                source.uuid().toString(),
                target.server().address().toString(),
                SERVER_ID,
                source.capture().account().user(),
                source.capture().account().password(),
                target.apply().account().user(),
                target.apply().account().password(),
                order.name()));
        return command;
    }

    public static void main(String[] arguments) throws InterruptedException {
        LinkSettings settings = new LinkSettings(
                "phx1",
                "aws1",
                Sessions.to(ServerAddress.parse(arguments[0]), new Account(arguments[4], arguments[5])),
                Sessions.to(ServerAddress.parse(arguments[2]), new Account(arguments[6], arguments[7])),
                Set.of(UUID.fromString(arguments[1])),
                Long.parseLong(arguments[3]),
                new LinkSettings.Tuning(
                        8,
                        CommitOrder.valueOf(arguments[8]),
                        8 << 20,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(3),
                        Spilling.to(Path.of(System.getProperty("java.io.tmpdir")))));
        new Link(settings, Terms.withoutMastership(Delivery.everything())).start();
        new CountDownLatch(1).await();
    }
}
