package io.regent.coordinator.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.model.Reach;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.Duty;
import io.regent.replicator.apply.StopReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a coordinator says of itself at one moment; {@code /status} as JSON, where the parts lie side by side in one
 * object.
 *
 * @param identity who speaks
 * @param duty its offices, as it believes
 * @param server its region's MySQL
 * @param mastership who may write, as its last look at ZooKeeper said
 * @param loop what it is doing
 * @param links the links into its region that it runs
 * @param around what it sees of the other regions, and what is wrong by that
 */
public record CoordinatorStatus(
        @JsonUnwrapped Identity identity,
        @JsonUnwrapped Duty duty,
        @JsonUnwrapped Server server,
        @JsonUnwrapped Mastership mastership,
        @JsonUnwrapped Loop loop,
        List<LinkState> links,
        @JsonUnwrapped Around around) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** What {@code zookeeper} says while there is a connection. */
    public static final String CONNECTED = "connected";

    /** Copies the links. */
    public CoordinatorStatus {
        links = List.copyOf(links);
    }

    /** One that sees no other region. */
    public CoordinatorStatus(
            Identity identity, Duty duty, Server server, Mastership mastership, Loop loop, List<LinkState> links) {
        this(identity, duty, server, mastership, loop, links, Around.NOTHING);
    }

    /**
     * Who speaks.
     *
     * @param cluster the cluster's name
     * @param region the coordinator's region
     * @param coordinator its name
     * @param since when its process started, ISO 8601
     * @param version of Regent
     */
    public record Identity(String cluster, String region, String coordinator, String since, String version) {}

    /**
     * The region's MySQL.
     *
     * @param mysql {@code host:port}
     * @param writeState as the last look saw it
     * @param primary whether it is OPEN under a lease that lasts at this very moment
     * @param leaseMillisLeft how long the lease lasts from now on; 0 without one
     * @param recordedEpoch the newest epoch stored in it; 0 if none
     * @param executed the GTID set it executed, as text
     * @param diverged the part of it outside history, as text; empty if there is none
     * @param commitsHangMillis for how long a probe write has come to nothing, and no commit of anybody was seen; 0 if
     *     commits get through, or were not probed
     * @param settings what of its settings is not as {@code init} left it, in words; empty if all is, or if its coordinator
     *     does not look
     */
    public record Server(
            String mysql,
            WriteState writeState,
            boolean primary,
            long leaseMillisLeft,
            long recordedEpoch,
            String executed,
            String diverged,
            long commitsHangMillis,
            String settings) {}

    /**
     * What the last look at ZooKeeper said. It may be old: {@code zookeeper} and {@code lookAgeMillis} tell.
     *
     * @param zookeeper {@link #CONNECTED}, or why not
     * @param epoch the cluster's epoch; null before the first look
     * @param master the region it names; null before the first look
     * @param closing id of the plan for which the master closes; null if for none
     * @param released whether the master gave the epoch up with nobody named instead
     */
    public record Mastership(
            String zookeeper,
            @Nullable Long epoch,
            @Nullable String master,
            @Nullable String closing,
            boolean released) {}

    /**
     * What the coordinator is doing.
     *
     * @param phase how far its region has come on the way to OPEN; empty if it is not on it
     * @param reason its last decision in one sentence
     * @param lookAgeMillis how long ago its loop last turned
     */
    public record Loop(String phase, String reason, long lookAgeMillis) {}

    /**
     * A link into the region.
     *
     * @param source where it comes from
     * @param state {@code running}, {@code waiting}, {@code connecting}, {@code retrying}, {@code held}, {@code failed} or
     *     {@code stopped}
     * @param detail what it waits for, or why it stopped
     * @param applied transactions committed since it was started
     * @param lastGtid the last of them; null before the first
     * @param lagMillis how far it is behind its source; null if that is not known. While it is relayed, how far the region
     *     is behind at most
     * @param stopped at which transaction it stopped; null if it did not, or at none
     * @param relay the region that brings all that the source commits in place of this link; null if none does
     */
    public record LinkState(
            String source,
            String state,
            String detail,
            long applied,
            @Nullable String lastGtid,
            @Nullable Long lagMillis,
            @Nullable StopReport stopped,
            @Nullable String relay) {
        /** One that did not stop at a transaction. */
        public LinkState(
                String source,
                String state,
                String detail,
                long applied,
                @Nullable String lastGtid,
                @Nullable Long lagMillis) {
            this(source, state, detail, applied, lastGtid, lagMillis, null, null);
        }

        /** Whether transactions come through as soon as there are any. */
        public boolean isUp() {
            return state.equals("running") || state.equals("waiting");
        }

        /** The same while another region brings them: of a link that is down, by which, and how late at most. */
        public LinkState relayedBy(String region, @Nullable Long atMostMillis) {
            String told = (detail.isEmpty() ? "" : detail + "; ") + "relayed by " + region;
            return new LinkState(source, state, told, applied, lastGtid, atMostMillis, stopped, region);
        }
    }

    /**
     * What is seen of the other regions.
     *
     * @param heard which of their coordinators answer this one
     * @param reach whose MySQL answers here, by links and by probes; null from a version that does not tell
     * @param failures what is wrong by name, as this coordinator sees it; none from one that stands by
     */
    public record Around(Heard heard, @Nullable Reach reach, List<Failing> failures) {
        /** Nobody was asked, no link runs. */
        static final Around NOTHING = new Around(Heard.NOBODY, null, List.of());

        /** Copies the failures. */
        public Around {
            failures = List.copyOf(failures);
        }
    }

    /**
     * A failure that stands.
     *
     * @param failure its name
     * @param region whose it is; empty if the cluster's
     * @param seen what was seen, in a sentence
     * @param certain whether nothing speaks against it
     * @param forMillis for how long it has stood
     */
    public record Failing(String failure, String region, String seen, boolean certain, long forMillis) {}

    /** As {@code /status} shows it. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a status has no JSON", e);
        }
    }

    /**
     * Reads what {@link #json} wrote, of a later version too, or of the one before.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static CoordinatorStatus parse(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node instanceof ObjectNode object) {
                object.putIfAbsent("settings", TextNode.valueOf("")); // an earlier version does not tell
                object.putIfAbsent("heard", JSON.valueToTree(Heard.NOBODY));
                object.putIfAbsent("reach", NullNode.getInstance());
                object.putIfAbsent("failures", JSON.createArrayNode());
            }
            List<LinkState> links = new ArrayList<>();
            for (JsonNode link : node.path("links")) {
                if (link instanceof ObjectNode object) {
                    object.putIfAbsent("stopped", NullNode.getInstance()); // as above
                    object.putIfAbsent("relay", NullNode.getInstance());
                }
                links.add(JSON.treeToValue(link, LinkState.class));
            }
            return new CoordinatorStatus(
                    JSON.treeToValue(node, Identity.class),
                    JSON.treeToValue(node, Duty.class),
                    JSON.treeToValue(node, Server.class),
                    JSON.treeToValue(node, Mastership.class),
                    JSON.treeToValue(node, Loop.class),
                    links,
                    JSON.treeToValue(node, Around.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a coordinator's status: " + e.getOriginalMessage(), e);
        }
    }
}
