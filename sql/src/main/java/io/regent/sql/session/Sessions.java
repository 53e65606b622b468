package io.regent.sql.session;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;

/**
 * How to open sessions on one server. Immutable: every setter answers a new value.
 *
 * <p>Fixed for all: TLS where the server offers it (but for {@link #plain}), no reconnect behind the caller's back, no
 * server-side prepared statements, no JDBC escapes (the text is the caller's), autocommit on, time zone UTC, TINYINT(1)
 * is a number.
 */
public final class Sessions {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration SOCKET = Duration.ofSeconds(30);
    private static final int LONGEST_PROGRAM = 64;

    /** HikariCP takes no less. */
    private static final long SHORTEST_WAIT_MILLIS = 250;

    private final ServerAddress address;
    private final Account account;
    private final Options options;

    private enum Trait {
        MULTI,
        RAW,
        PLAIN,
        NAMES_COMMITS
    }

    private record Options(Duration connect, Duration socket, Set<Trait> traits, String program) {
        boolean are(Trait trait) {
            return traits.contains(trait);
        }
    }

    private Sessions(ServerAddress address, Account account, Options options) {
        this.address = address;
        this.account = account;
        this.options = options;
    }

    /** Sessions on this server as this user: connect within 3 s, an answer within 30 s. */
    public static Sessions to(ServerAddress address, Account account) {
        return new Sessions(address, account, new Options(CONNECT, SOCKET, Set.of(), "regent"));
    }

    /** The same on another server. */
    public Sessions at(ServerAddress other) {
        return new Sessions(other, account, options);
    }

    /** Longest wait for the TCP connection. The handshake behind it is bounded by {@link #socketTimeout}. */
    public Sessions connectTimeout(Duration timeout) {
        return with(new Options(positive(timeout), options.socket, options.traits, options.program));
    }

    /** Longest silence of the server inside one answer; the session is lost after it. */
    public Sessions socketTimeout(Duration timeout) {
        return with(new Options(options.connect, positive(timeout), options.traits, options.program));
    }

    /** Several statements may go in one packet. */
    public Sessions multiStatements() {
        return with(Trait.MULTI);
    }

    /**
     * Statement text is sent byte for byte (character 0 to 255 = that byte, see {@link RawText}) whatever
     * {@code character_set_client} the SQL sets, and results come back untranslated: read them with {@code getBytes}.
     */
    public Sessions raw() {
        return with(Trait.RAW);
    }

    /**
     * Without TLS, for servers that are reached over no wire: the cipher costs more than most statements do. A server or
     * an account that insists on TLS refuses then.
     */
    public Sessions plain() {
        return with(Trait.PLAIN);
    }

    /** The server may be asked by {@link CommitNames} to name what they commit. */
    public Sessions namingCommits() {
        return with(Trait.NAMES_COMMITS);
    }

    /** Whether they go without TLS. */
    public boolean isPlain() {
        return options.are(Trait.PLAIN);
    }

    /** The {@code program_name} that {@code performance_schema.session_connect_attrs} shows; 1 to 64 characters. */
    public Sessions program(String name) {
        if (!name.matches("[A-Za-z0-9 ._/=@+-]{1," + LONGEST_PROGRAM + "}")) {
            throw new IllegalArgumentException("not a program name: '" + name + "'");
        }
        return with(new Options(options.connect, options.socket, options.traits, name));
    }

    /** The server that these sessions go to. */
    public ServerAddress address() {
        return address;
    }

    /** The user that these sessions are of. */
    public Account account() {
        return account;
    }

    /**
     * Opens one session; the caller closes it.
     *
     * @throws SQLException if the server is not reached or refuses; see {@link MysqlErrors}
     */
    public Connection open() throws SQLException {
        Connection connection = new Driver().connect(url(), properties());
        if (connection == null) {
            throw new SQLException("Connector/J does not know the URL " + url());
        }
        return connection;
    }

    /**
     * A pool of at most so many sessions, opened as they are needed. Nothing is connected yet.
     *
     * @param size most sessions at a time, at least 1
     */
    public SessionPool pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(options.program + "@" + address);
        config.setJdbcUrl(url());
        config.setDataSourceProperties(properties());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(Math.max(SHORTEST_WAIT_MILLIS, options.connect.toMillis()));
        config.setInitializationFailTimeout(-1);
        return new SessionPool(config);
    }

    private Sessions with(Trait trait) {
        Set<Trait> traits = EnumSet.of(trait);
        traits.addAll(options.traits);
        return with(new Options(options.connect, options.socket, Set.copyOf(traits), options.program));
    }

    private Sessions with(Options changed) {
        return new Sessions(address, account, changed);
    }

    private static Duration positive(Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a timeout has at least 1 ms, at most 24 days: " + timeout);
        }
        return timeout;
    }

    private String url() {
        return "jdbc:mysql://" + address + "/";
    }

    private Properties properties() {
        Properties all = new Properties();
        put(all, PropertyKey.USER, account.user());
        put(all, PropertyKey.PASSWORD, account.password());
        put(all, PropertyKey.connectTimeout, Long.toString(options.connect.toMillis()));
        put(all, PropertyKey.socketTimeout, Long.toString(options.socket.toMillis()));
        put(all, PropertyKey.connectionAttributes, "program_name:" + options.program);
        put(all, PropertyKey.sslMode, options.are(Trait.PLAIN) ? "DISABLED" : "PREFERRED");
        put(all, PropertyKey.allowPublicKeyRetrieval, "true");
        put(all, PropertyKey.tinyInt1isBit, "false");
        put(all, PropertyKey.useServerPrepStmts, "false");
        put(all, PropertyKey.autoReconnect, "false");
        put(all, PropertyKey.enableEscapeProcessing, "false");
        put(all, PropertyKey.allowMultiQueries, Boolean.toString(options.are(Trait.MULTI)));
        put(all, PropertyKey.trackSessionState, Boolean.toString(options.are(Trait.NAMES_COMMITS)));
        put(all, PropertyKey.connectionTimeZone, "+00:00");
        put(all, PropertyKey.sessionVariables, "time_zone='+00:00'");
        put(all, PropertyKey.passwordCharacterEncoding, "UTF-8");
        // Raw: Java's ISO-8859-1 maps 0..255 one to one, MySQL's latin1 (cp1252) would not.
        put(all, PropertyKey.characterEncoding, options.are(Trait.RAW) ? "ISO-8859-1" : "UTF-8");
        return all;
    }

    private static void put(Properties all, PropertyKey key, String value) {
        all.setProperty(key.getKeyName(), value);
    }
}
