package io.regent.docker.lab.fleet;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which cluster is to run, and where.
 *
 * @param directory everything of it is in here
 * @param cluster its name
 * @param regions its regions in the order of the file
 * @param application the account of the application, with all rights on the database of the same name as the cluster
 * @param accounts Regent's own
 * @param outfit what else it is to have
 */
public record FleetSettings(
        Path directory,
        String cluster,
        List<String> regions,
        Account application,
        Map<AccountRole, Account> accounts,
        Outfit outfit) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 12;
    private static final int MOST_REGIONS = 7;

    /** Copies the collections. */
    public FleetSettings {
        directory = directory.toAbsolutePath().normalize();
        regions = List.copyOf(regions);
        accounts = Map.copyOf(accounts);
    }

    /** The cluster of the demo: three regions, passwords of its own. */
    public static FleetSettings identity(Path directory) {
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            accounts.put(role, new Account(role.defaultUser(), secret()));
        }
        return new FleetSettings(
                directory,
                "identity",
                List.of("phx1", "aws1", "aws2"),
                new Account("identity", secret()),
                accounts,
                Outfit.usual());
    }

    /** The same with these extras. */
    public FleetSettings with(Set<Extra> wanted) {
        return with(new Outfit(wanted, outfit.founders(), outfit.myCnf()));
    }

    /** The same, founded by another version. */
    public FleetSettings foundedBy(Build other) {
        return with(new Outfit(outfit.extras(), other, outfit.myCnf()));
    }

    /** The same with a user's own settings for the servers. */
    public FleetSettings with(Optional<MyCnf> myCnf) {
        return with(new Outfit(outfit.extras(), outfit.founders(), myCnf));
    }

    private FleetSettings with(Outfit other) {
        return new FleetSettings(directory, cluster, regions, application, accounts, other);
    }

    /** Whose {@code dbctl} founds it, and whose coordinators it begins with. */
    public Build founders() {
        return outfit.founders();
    }

    /** Whether it is to have this. */
    public boolean has(Extra extra) {
        return outfit.extras().contains(extra);
    }

    /** The same with so many regions: phx1, aws1, aws2, ... */
    public FleetSettings ofRegions(int count) {
        if (count < 1 || count > MOST_REGIONS) {
            throw new IllegalArgumentException("1 to " + MOST_REGIONS + " regions, not " + count);
        }
        List<String> names = Stream.concat(
                        Stream.of("phx1"), IntStream.range(1, count).mapToObj(i -> "aws" + i))
                .toList();
        return new FleetSettings(directory, cluster, names, application, accounts, outfit);
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The account of a role. */
    public Account account(AccountRole role) {
        Account account = accounts.get(role);
        if (account == null) {
            throw new IllegalStateException("no account for " + role);
        }
        return account;
    }

    /** The file that an operator uses. */
    public Path configFile() {
        return directory.resolve("regent.yaml");
    }
}
