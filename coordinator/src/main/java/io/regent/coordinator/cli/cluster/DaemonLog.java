package io.regent.coordinator.cli.cluster;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Where a daemon logs: to standard output, what it decides and what goes wrong. */
enum DaemonLog {
    /** A line for people. */
    PLAIN("log-plain.xml"),
    /** A JSON object a line. */
    JSON("log-json.xml");

    private final String resource;

    DaemonLog(String resource) {
        this.resource = resource;
    }

    /** From now on, in place of what commands log. */
    void begin() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return; // embedded under another logging system, which has its own settings
        }
        URL settings = Objects.requireNonNull(DaemonLog.class.getResource(resource), resource);
        context.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(settings);
        } catch (JoranException e) {
            throw new IllegalStateException("no log settings in " + resource, e);
        }
    }
}
