package io.regent.sql.preflight;

import io.regent.sql.carriage.ServerContents.RunningEvent;
import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who writes on a server that only a link may write on: events, and sessions of administrators. Pure. */
final class PastReadOnly {
    private PastReadOnly() {}

    static List<Concern> compare(ServerSight master, ServerSight target) {
        List<Concern> concerns = new ArrayList<>();
        for (ServerSight server : List.of(master, target)) {
            for (RunningEvent event : server.contents().events()) {
                if (mayWrite(server.accounts(), event.definer())) {
                    concerns.add(strays(event, server));
                }
            }
        }
        concerns.addAll(resting(master, target));
        concerns.addAll(sessions(master));
        return concerns;
    }

    private static Concern strays(RunningEvent event, ServerSight server) {
        String name = event.full();
        return Concern.error(
                        "the event " + name + " of " + event.definer() + " writes at " + server.region()
                                + " past read_only, also while that is STANDBY",
                        server.region() + " diverges whenever " + name + " writes")
                .with(
                        server.region(),
                        List.of("ALTER EVENT " + Quoting.identifier(event.schema(), event.name()) + " DISABLE"));
    }

    /** Links carry no definition of an event. */
    private static List<Concern> resting(ServerSight master, ServerSight target) {
        Set<String> running = names(target);
        Set<String> rest = new TreeSet<>(names(master));
        rest.removeAll(running);
        return rest.isEmpty()
                ? List.of()
                : List.of(Concern.warning("events that run at " + master.region()
                        + " do not exist, or are disabled, at " + target.region() + ": " + String.join(", ", rest)));
    }

    private static Set<String> names(ServerSight server) {
        return server.contents().events().stream().map(RunningEvent::full).collect(Collectors.toSet());
    }

    private static List<Concern> sessions(ServerSight master) {
        Set<String> users = master.accounts().values().stream()
                .filter(AccountSight::writesPastReadOnly)
                .map(AccountSight::user)
                .collect(Collectors.toSet());
        return master.sessions().stream()
                .filter(session -> users.contains(session.user()))
                .map(session -> Concern.warning("session " + session.id() + " of " + session.user() + "@"
                        + session.host() + " can write at " + master.region()
                        + " past read_only: what it writes there after the move is undone"))
                .toList();
    }

    private static boolean mayWrite(Map<String, AccountSight> accounts, String definer) {
        int at = definer.lastIndexOf('@');
        AccountSight account =
                at < 0 ? null : accounts.get(Quoting.account(definer.substring(0, at), definer.substring(at + 1)));
        return account != null && account.writesPastReadOnly();
    }
}
