package io.regent.docker.lab.report;

import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.Injected;
import io.regent.docker.lab.report.result.MasterChange;
import io.regent.docker.lab.report.result.Timeline;
import io.regent.docker.lab.report.result.Timeline.Step;
import io.regent.sql.session.WriteState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A drill as a picture: for each region a band of its write state, the writes that it acknowledged as an area, what it
 * lacked as a line; below them the faults; across them the changes of master.
 */
final class TimelineSvg {
    private static final int WIDTH = 1000;
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int TOP = 28;
    private static final int LANE = 78;
    private static final int BAND = 12;
    private static final int AREA = 48;
    private static final int FAULT = 18;
    private static final int AXIS = 26;
    private static final int TICKS = 12;
    private static final int LETTER = 6;
    private static final int KEY = 20;
    /** A page may be light or dark; whoever shows a file of its own asks the reader's own choice. */
    private static final String STYLE = """
            <style>svg { fill: #24292f } .line { stroke: #24292f } .unseen { fill: none }
            @media (prefers-color-scheme: dark) {
            svg { fill: #d0d7de } .line { stroke: #d0d7de } .lag { fill: #f0883e } .lacking { stroke: #f0883e } }</style>
            """;

    private static final Map<String, String> COLOURS = colours();

    private final DrillResult result;
    private final Timeline timeline;
    private final double perMilli;
    private final int height;
    private final boolean alone;
    private final StringBuilder svg = new StringBuilder();

    private TimelineSvg(DrillResult result, boolean alone) {
        this.result = result;
        this.alone = alone;
        this.timeline = result.timeline();
        this.perMilli = (WIDTH - LEFT - RIGHT) / (double) Math.max(1, timeline.lengthMillis());
        this.height = axis() + AXIS + (alone ? KEY : 0);
    }

    /** The picture, as an element of an HTML page that is light and has the key. */
    static String of(DrillResult result) {
        return new TimelineSvg(result, false).draw();
    }

    /** The picture as a file of its own, for pages that may be light or dark. */
    static String alone(DrillResult result) {
        return new TimelineSvg(result, true).draw();
    }

    private static Map<String, String> colours() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("OPEN", "#1a9850");
        all.put("STANDBY", "#c7d8e8");
        all.put("SEALED", "#666666");
        all.put("writes acknowledged", "#2a7de1");
        all.put("transactions lacking", "#b35900");
        all.put("fault", "#d73027");
        return all;
    }

    private String draw() {
        svg.append(("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"100%%\" role=\"img\""
                        + " font-family=\"sans-serif\" font-size=\"11\">\n")
                .formatted(WIDTH, height));
        svg.append("<title>%s</title>\n"
                .formatted(Markup.escaped("timeline of " + result.run().name())));
        if (alone) {
            svg.append(STYLE);
        }
        long most = steps().stream().mapToLong(Step::acknowledged).max().orElse(0);
        long farthest = steps().stream().mapToLong(Step::lacking).max().orElse(0);
        int lane = 0;
        for (Map.Entry<String, List<Step>> region : timeline.regions().entrySet()) {
            lane(TOP + lane * LANE, region.getKey(), region.getValue(), most, farthest);
            lane++;
        }
        for (int i = 0; i < result.faults().size(); i++) {
            fault(faults() + i * FAULT, result.faults().get(i));
        }
        result.changes().forEach(this::change);
        ticks();
        if (alone) {
            key();
        }
        return svg.append("</svg>\n").toString();
    }

    private List<Step> steps() {
        return timeline.regions().values().stream().flatMap(List::stream).toList();
    }

    private int faults() {
        return TOP + timeline.regions().size() * LANE;
    }

    private int axis() {
        return faults() + result.faults().size() * FAULT + LETTER;
    }

    private double x(long millis) {
        return LEFT + Math.min(Math.max(0, millis), timeline.lengthMillis()) * perMilli;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(number(x), number(y), anchor, Markup.escaped(text)));
    }

    private void lane(int top, String region, List<Step> steps, long most, long farthest) {
        text(LEFT - LETTER, top + BAND, "end", region);
        text(LEFT - LETTER, top + BAND + AREA / 2.0, "end", perSecond(most));
        if (farthest > 0) {
            svg.append("<g class=\"lag\" fill=\"#b35900\">");
            text(LEFT - LETTER, top + BAND + AREA, "end", "lag " + farthest);
            svg.append("</g>\n");
        }
        states(top, region, steps);
        path(steps, top + BAND + AREA, most, Step::acknowledged, " Z", "fill=\"#2a7de1\" fill-opacity=\"0.55\"");
        path(
                steps,
                top + BAND + AREA,
                farthest,
                Step::lacking,
                "",
                "class=\"lacking\" fill=\"none\" stroke=\"#b35900\"");
    }

    private String perSecond(long inAStep) {
        return Math.round(inAStep * 1000.0 / timeline.stepMillis()) + "/s";
    }

    /** Equal states side by side are one rectangle. */
    private void states(int top, String region, List<Step> steps) {
        int from = 0;
        for (int i = 1; i <= steps.size(); i++) {
            if (i == steps.size() || steps.get(i).state() != steps.get(from).state()) {
                state(top, region, steps.get(from).state(), from * timeline.stepMillis(), i * timeline.stepMillis());
                from = i;
            }
        }
    }

    private void state(int top, String region, @Nullable WriteState state, long from, long until) {
        String name = state == null ? "not seen" : state.name();
        svg.append("<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" %s><title>%s</title></rect>\n"
                .formatted(
                        number(x(from)),
                        top,
                        number(x(until) - x(from)),
                        BAND,
                        state == null ? "class=\"unseen\" fill=\"#ffffff\"" : "fill=\"" + COLOURS.get(name) + "\"",
                        Markup.escaped(region + " " + name + ", " + Figures.seconds(from) + " to "
                                + Figures.seconds(until) + " s")));
    }

    private interface Height {
        long of(Step step);
    }

    /** Equal steps side by side are one. */
    private void path(List<Step> steps, int bottom, long most, Height height, String end, String style) {
        if (most == 0 || steps.isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder("M" + LEFT + " " + bottom);
        for (int i = 0; i < steps.size(); i++) {
            if (i + 1 < steps.size() && height.of(steps.get(i)) == height.of(steps.get(i + 1))) {
                continue;
            }
            double y = bottom - (AREA - 4) * (double) height.of(steps.get(i)) / most;
            path.append(" V%s H%s".formatted(number(y), number(x((i + 1) * timeline.stepMillis()))));
        }
        path.append(" V").append(bottom).append(end);
        svg.append("<path d=\"%s\" %s/>\n".formatted(path, style));
    }

    private void fault(int top, Injected fault) {
        double from = x(fault.fromMillis());
        double width = Math.max(2, x(fault.untilMillis()) - from);
        svg.append("<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"#d73027\"><title>%s</title></rect>\n"
                .formatted(number(from), top, number(width), FAULT - LETTER, Markup.escaped(Markdown.fault(fault))));
        String text = fault.fault() + ", " + fault.target();
        boolean fits = from + width + LETTER * (text.length() + 1) < WIDTH;
        text(fits ? from + width + LETTER : from - LETTER, top + FAULT - LETTER - 1, fits ? "start" : "end", text);
    }

    private void change(MasterChange change) {
        double x = x(change.atMillis() + Math.max(0, change.pauseMillis()));
        svg.append(
                "<line x1=\"%1$s\" y1=\"%2$d\" x2=\"%1$s\" y2=\"%3$d\" class=\"line\" stroke=\"#222\" stroke-dasharray=\"4 3\">"
                        .formatted(number(x), TOP - LETTER, axis()));
        svg.append("<title>%s</title></line>\n".formatted(Markup.escaped(Figures.change(change))));
        text(x, TOP - LETTER - 4, "middle", "epoch " + change.epoch());
    }

    private void ticks() {
        svg.append("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"line\" stroke=\"#222\"/>\n"
                .formatted(LEFT, axis(), WIDTH - RIGHT, axis()));
        long tick = tick();
        for (long millis = 0; millis <= timeline.lengthMillis(); millis += tick) {
            text(x(millis), axis() + AXIS / 2.0 + LETTER, "middle", Figures.seconds(millis) + " s");
        }
    }

    private void key() {
        double x = LEFT;
        int y = axis() + AXIS + LETTER;
        for (Map.Entry<String, String> entry : COLOURS.entrySet()) {
            svg.append("<rect x=\"%s\" y=\"%d\" width=\"11\" height=\"10\" fill=\"%s\"/>\n"
                    .formatted(number(x), y, entry.getValue()));
            text(x + 2.5 * LETTER, y + 1.5 * LETTER, "start", entry.getKey());
            x += LETTER * (entry.getKey().length() + 6.0);
        }
        text(x, y + 1.5 * LETTER, "start", "dashed: the first write of a new master");
    }

    /** The shortest of 1, 2, 5, 10, 20, 50 ... that needs at most so many ticks, from a tenth of a second on. */
    private long tick() {
        long decade = 100;
        while (decade * 10 * TICKS < timeline.lengthMillis()) {
            decade *= 10;
        }
        for (int factor : new int[] {1, 2, 5}) {
            if (decade * factor * TICKS >= timeline.lengthMillis()) {
                return decade * factor;
            }
        }
        return decade * 10;
    }
}
