package io.regent.docker.bench;

import java.util.List;

/** What was drained, as bars: Regent's rate by the replica's, and a line where both are equal. */
final class RatioSvg {
    private static final int WIDTH = 760;
    private static final int LEFT = 260;
    private static final int ROW = 24;
    private static final int TOP = 40;
    private static final int BAR = 14;
    private static final double LEAST_SCALE = 2;

    private RatioSvg() {}

    /** The picture, alone in its file. */
    static String of(List<LinkResult> results) {
        List<LinkResult> drains =
                results.stream().filter(result -> result.mode().equals("drain")).toList();
        double most = Math.max(
                LEAST_SCALE,
                drains.stream().mapToDouble(LinkResult::ratio).max().orElse(0));
        double unit = (WIDTH - LEFT - 60) / most;
        int height = TOP + drains.size() * ROW + 16;
        StringBuilder svg =
                new StringBuilder(("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                                + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#777\">%n"
                                + "<text x=\"8\" y=\"20\">Draining a backlog: Regent's rate by that of MySQL's own replica</text>%n")
                        .formatted(WIDTH, height));
        for (int i = 0; i < drains.size(); i++) {
            LinkResult drain = drains.get(i);
            int y = TOP + i * ROW;
            svg.append(
                    ("<text x=\"8\" y=\"%d\">%s, %s</text><rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>"
                                    + "<text x=\"%.0f\" y=\"%d\">%.2f</text>%n")
                            .formatted(
                                    y + BAR - 2,
                                    drain.shape(),
                                    drain.order(),
                                    LEFT,
                                    y,
                                    drain.ratio() * unit,
                                    BAR,
                                    drain.ratio() >= 1 ? "#2a9d5c" : "#d9822b",
                                    LEFT + drain.ratio() * unit + 6,
                                    y + BAR - 2,
                                    drain.ratio()));
        }
        return svg.append("<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%d\" y2=\"%d\" stroke=\"#777\"/>%n</svg>%n"
                        .formatted(LEFT + unit, LEFT + unit, TOP - 6, height - 12))
                .toString();
    }
}
