package io.regent.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.ConfigFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** One call of {@code dbctl}: the options that every command has, where it prints, what surrounds it. */
@Command(
        name = "dbctl",
        description = "Runs MySQL in several regions with one master at a time, or several.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, or the answer is yes", "1:the answer is no", "2:wrong use, or it could not be told"},
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl init --config regent.yaml --password-env ADMIN_PASSWORD --dry-run",
            "",
            "  dbctl COMMAND --help explains a command."
        })
public final class Cli implements Runnable {
    /** The variable that names the file of the cluster. */
    static final String CONFIG_VARIABLE = "REGENT_CONFIG";

    private static final String DEFAULT_CONFIG = "regent.yaml";

    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The cluster's file; else $REGENT_CONFIG, else ./regent.yaml.")
    private @Nullable Path configFile;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Prints JSON.")
    private boolean json;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Prints stack traces of errors.")
    private boolean debug;

    Cli(PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = Map.copyOf(environment);
    }

    /** What happens without a command. */
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }

    /**
     * Reads the cluster's file.
     *
     * @throws ConfigException if anything is wrong with it
     */
    public ClusterConfig config() throws ConfigException {
        Path file = configFile;
        if (file == null) {
            String named = environment.getOrDefault(CONFIG_VARIABLE, "");
            file = Path.of(named.isEmpty() ? DEFAULT_CONFIG : named);
        }
        return ConfigFile.read(file, environment);
    }

    /** Where results go. */
    public PrintWriter out() {
        return out;
    }

    /** Where progress and errors go. */
    public PrintWriter err() {
        return err;
    }

    /** Whether results are to be JSON. */
    public boolean json() {
        return json;
    }

    /** Whether errors are to be shown with stack traces. */
    public boolean debug() {
        return debug;
    }

    /** Which Regent this is. */
    public String version() {
        return Version.regent();
    }

    /** The environment variables. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Prints a value (records, collections, maps, text, numbers) as JSON. */
    public void printJson(Object value) {
        try {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            out.println(mapper.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON for " + value.getClass().getName(), e);
        }
    }
}
