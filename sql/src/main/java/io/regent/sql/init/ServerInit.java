package io.regent.sql.init;

import io.regent.sql.carriage.Carriage;
import io.regent.sql.schema.CommitProbe;
import io.regent.sql.schema.LocalSchema;
import io.regent.sql.schema.SharedSchema;
import io.regent.sql.session.Account;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a server ready for Regent: accounts, settings, schemas {@code regent_local} and {@code regent}. Idempotent, and nothing of it is
 * replicated ({@code sql_log_bin=0}).
 */
public final class ServerInit {
    private final InitSettings settings;
    private final ServerAddress address;
    private final boolean ownRows;
    private final Optional<InitProblem> known;
    private final boolean beside;

    /**
     * Nothing is connected yet.
     *
     * @param settings what to make
     * @param address where the accounts' passwords are tried
     */
    public ServerInit(InitSettings settings, ServerAddress address) {
        this(settings, address, true, Optional.empty(), false);
    }

    private ServerInit(
            InitSettings settings,
            ServerAddress address,
            boolean ownRows,
            Optional<InitProblem> known,
            boolean beside) {
        this.settings = settings;
        this.address = address;
        this.ownRows = ownRows;
        this.known = known;
        this.beside = beside;
    }

    /** The same for a server with a copy of another's data, whose rows it leaves as they are. */
    public static ServerInit ofCopy(InitSettings settings, ServerAddress address) {
        return new ServerInit(settings, address, false, Optional.empty(), false);
    }

    /**
     * The same, and if there is a reason, rows that are nobody's are not made the server's: only where a cluster is
     * founded it is known that no data is missing.
     *
     * @param why from {@link #unclaimed}
     */
    public ServerInit unlessKnown(Optional<InitProblem> why) {
        return new ServerInit(settings, address, ownRows, why, beside);
    }

    /**
     * The same for a server that native replication feeds and that is taken over from it: its channels are no problem, and
     * {@code super_read_only}, which replicas have as a rule, is lifted while there is something to write. Its
     * {@code read_only} stays, and so does how it starts: it is not Regent's yet ({@link #startsSealed}).
     */
    public ServerInit besideReplication() {
        return new ServerInit(settings, address, ownRows, known, true);
    }

    /** Why rows that are nobody's are not claimed, and what to do instead. */
    public static InitProblem unclaimed(String why, String remedy) {
        return new InitProblem(IdentityRules.SUBJECT, "nobody's; " + why, remedy);
    }

    /**
     * Looks and changes nothing.
     *
     * @param admin a session of an administrator with all privileges (root)
     * @return what is missing, and everything that stands in the way
     * @throws SQLException if the server cannot be asked
     */
    public InitPlan plan(Connection admin) throws SQLException {
        ServerFacts facts = ServerFacts.read(admin);
        List<InitStep> writes = new ArrayList<>();
        List<String> notes = new ArrayList<>(StartRules.notes(facts));
        schema(admin, LocalSchema.NAME, "utf8mb4_0900_bin").ifPresent(writes::add);
        schema(admin, SharedSchema.NAME, "utf8mb4_0900_ai_ci").ifPresent(writes::add);
        schema(admin, CommitProbe.SCHEMA, "utf8mb4_0900_ai_ci").ifPresent(writes::add);
        for (Map.Entry<Account, Set<Privilege>> wanted :
                AccountRules.wanted(settings, facts.state().version()).entrySet()) {
            Account account = wanted.getKey();
            AccountFacts found = AccountFacts.read(admin, address, account);
            AccountRules.step(account, wanted.getValue(), found).ifPresent(writes::add);
            AccountRules.surplus(account, wanted.getValue(), found).ifPresent(notes::add);
        }
        LocalObjectRules objects =
                LocalObjectRules.look(admin, settings.account(AccountRole.FENCE).user());
        writes.addAll(objects.steps());
        List<InitStep> set = SettingRules.steps(facts, settings).stream()
                .filter(step -> !beside || !step.subject().equals(SettingRules.SEALED))
                .toList();
        List<InitProblem> problems = new ArrayList<>(StartRules.problems(facts, settings));
        CarriageFindings found = CarriageFindings.read(admin, settings.users(), Carriage.ABSENCE);
        problems.addAll((beside ? found.withoutChannels() : found).problems(set));
        notes.addAll(found.notes(set));
        if (ownRows) {
            IdentityRules identity =
                    IdentityRules.look(admin, facts.state().serverUuid(), objects.isAbsent(IdentityRules.TABLE), known);
            identity.step().ifPresent(writes::add);
            identity.problem().ifPresent(problems::add);
        }
        problems.addAll(objects.problems());
        if (!writes.isEmpty() && !beside) {
            problems.addAll(StartRules.sealed(facts));
        }
        List<InitStep> steps = new ArrayList<>(set);
        steps.addAll(writes);
        return new InitPlan(facts.state().version(), steps, problems, notes);
    }

    /**
     * Does what {@link #plan} says and looks again.
     *
     * @param admin a session of an administrator with all privileges (root), outside a transaction
     * @return what was done
     * @throws InitRefusedException if there is a problem (then nothing was done), or if the server is not as it must be
     *     afterwards
     * @throws SQLException if a statement fails; what was done before it stays, and applying again goes on
     */
    public InitPlan apply(Connection admin) throws SQLException, InitRefusedException {
        InitPlan plan = plan(admin);
        if (!plan.problems().isEmpty()) {
            throw new InitRefusedException("init refused", plan);
        }
        boolean lift = beside && ServerState.read(admin).writeState() == WriteState.SEALED;
        if (lift) {
            Statements.execute(admin, "SET GLOBAL super_read_only = OFF");
        }
        try (LocalSession session = LocalSession.begin(admin)) {
            for (InitStep step : plan.steps()) {
                for (InitStep.Sql sql : step.statements()) {
                    session.execute(sql);
                }
            }
            if (plan.steps().stream().anyMatch(step -> step.subject().startsWith("event "))) {
                LocalObjectRules.endRunningDeadMan(admin);
            }
        } finally {
            if (lift) {
                Statements.execute(admin, "SET GLOBAL super_read_only = ON");
            }
        }
        InitPlan after = plan(admin);
        if (!after.isDone()) {
            throw new InitRefusedException("init did its steps, but the server is not as it must be", after);
        }
        return plan;
    }

    /**
     * Why a server would not be SEALED after its next start, whatever is persisted in it; empty if it would. For who has
     * to restart one.
     */
    public static Optional<String> startsOpenBecause(Connection admin) throws SQLException {
        ServerFacts facts = ServerFacts.read(admin);
        return "OFF".equals(facts.variable("persisted_globals_load"))
                ? Optional.of("it runs with persisted_globals_load=OFF")
                : StartRules.ignoredSettings(facts).map(InitProblem::found);
    }

    /** The settings by which a server starts SEALED: {@link #startsSealed} changes what is persisted of them. */
    public static List<String> startSettings() {
        return List.of(SettingRules.SEALED, SettingRules.READ_ONLY);
    }

    /** Has a server start SEALED from its next start on. */
    public static void startsSealed(Connection admin) throws SQLException {
        boolean open = ServerFacts.read(admin).isPersisted(SettingRules.READ_ONLY, "OFF");
        Statements.execute(admin, SettingRules.STARTS_SEALED);
        if (open) {
            Statements.execute(admin, SettingRules.NOT_OPEN);
        }
    }

    /** Whether what is persisted in a server has it start open, whatever its option files say. */
    public static boolean isStartedOpen(Connection admin) throws SQLException {
        ServerFacts facts = ServerFacts.read(admin);
        return facts.isPersisted(SettingRules.SEALED, "OFF") && facts.isPersisted(SettingRules.READ_ONLY, "OFF");
    }

    /** Has a server start open from its next start on, whatever its option files say. */
    public static void startsOpen(Connection admin) throws SQLException {
        Statements.execute(admin, "SET PERSIST_ONLY " + SettingRules.SEALED + " = 'OFF'");
        Statements.execute(admin, "SET PERSIST_ONLY " + SettingRules.READ_ONLY + " = 'OFF'");
    }

    /** Has a server that is read-only SEALED now: what lifted that for local rows may have been killed. */
    public static void seal(Connection admin) throws SQLException {
        if (ServerState.read(admin).readOnly()) {
            Statements.execute(admin, "SET GLOBAL super_read_only = ON");
        }
    }

    private static Optional<InitStep> schema(Connection admin, String name, String collation) throws SQLException {
        String query = "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + Quoting.string(name);
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (row.next() && row.getInt(1) > 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new InitStep(
                "schema " + name,
                "absent",
                "created",
                List.of(InitStep.Sql.of("CREATE DATABASE " + Quoting.identifier(name)
                        + " CHARACTER SET utf8mb4 COLLATE " + collation))));
    }
}
