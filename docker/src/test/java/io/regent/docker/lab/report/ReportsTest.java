package io.regent.docker.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.report.result.Counts;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.Timeline;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportsTest {
    private static final String READABLE = Results.HOSTILE.replace('\u0001', '\uFFFD');

    private static Document parse(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> all(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void junitHasASuiteForEachDrillAndACaseForEachInvariant() throws Exception {
        Document xml = parse(JunitXml.of(List.of(Results.good("master-move"), Results.bad())));

        Element root = xml.getDocumentElement();
        assertThat(root.getAttribute("tests")).isEqualTo("6");
        assertThat(root.getAttribute("failures")).isEqualTo("3");
        assertThat(all(xml, "testsuite"))
                .extracting(suite -> suite.getAttribute("name") + " " + suite.getAttribute("failures"))
                .containsExactly("master-move 0", READABLE.replace('\n', ' ') + " 3");
        assertThat(all(xml, "testcase"))
                .extracting(one -> one.getAttribute("name"))
                .containsExactly("course", "NoLoss", "Convergence", "course", "NoLoss", "CausalOrder");
        assertThat(all(xml, "failure"))
                .extracting(Element::getTextContent)
                .containsExactly(READABLE, READABLE + "\nanother", "NOTHING EXAMINED");
        assertThat(all(xml, "property"))
                .extracting(one -> one.getAttribute("name") + "=" + one.getAttribute("value"))
                .contains(
                        "mysql=8.0.33",
                        "moves: pause ms=p50 210, p99 290, max 290",
                        "failovers: RTO ms=p50 5210, p99 5810, max 5810",
                        "RPO ms=p50 0, p99 640, max 640",
                        "stranded=51",
                        "seed=77");
        assertThat(all(xml, "testsuite").get(0).getAttribute("time")).isEqualTo("12.3");
    }

    @Test
    void aDrillThatExaminedNothingFails() throws Exception {
        DrillResult good = Results.good("empty");
        DrillResult empty = new DrillResult(
                good.run(),
                new Counts(0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                List.of(),
                List.of(),
                new Timeline(100, Map.of()),
                List.of());

        assertThat(empty.passed()).isFalse();
        assertThat(all(parse(JunitXml.of(List.of(empty))), "failure")).hasSize(1);
        assertThat(parse(Html.of(List.of(empty)))).isNotNull();
        assertThat(Markdown.of(List.of(empty))).contains("| empty | FAILED | 12.3 | - | - | - | 0 |");
    }

    @Test
    void htmlIsWellFormedWhateverItHoldsAndNeedsNothingElse() throws Exception {
        String text = Html.of(List.of(Results.good("master-move"), Results.bad()));

        Document html = parse(text);
        assertThat(all(html, "svg")).hasSize(2);
        assertThat(all(html, "script")).isEmpty();
        assertThat(all(html, "b")).isEmpty();
        assertThat(text).doesNotContain("href=", "src=", "url(", "@import");
        assertThat(all(html, "td"))
                .extracting(Element::getTextContent)
                .contains(
                        "p50 5210, p99 5810, max 5810",
                        "1 of 2 FAILED",
                        "passed",
                        "VIOLATED 2 times",
                        "NOTHING EXAMINED",
                        "holds",
                        READABLE);
        assertThat(all(html, "li"))
                .extracting(Element::getTextContent)
                .contains(
                        READABLE,
                        "epoch 4: phx1 -> aws1, failed over at 1.9 s, 5210 ms without writes, 51 acknowledged writes"
                                + " stranded, the first 640 ms before the last",
                        "fault at 2.5 s: links held, aws1 for 0.9 s");
    }

    @Test
    void thePictureShowsStatesWritesLagFaultsAndEpochs() throws Exception {
        Document svg = parse(TimelineSvg.of(Results.good("master-move")));

        assertThat(all(svg, "title"))
                .extracting(Element::getTextContent)
                .contains(
                        "phx1 OPEN, 0.0 to 2.0 s",
                        "phx1 not seen, 2.0 to 3.0 s",
                        "phx1 SEALED, 3.0 to 4.0 s",
                        "aws1 STANDBY, 0.0 to 3.0 s",
                        "fault at 1.9 s: kill -9 of mysqld, phx1");
        assertThat(all(svg, "text"))
                .extracting(Element::getTextContent)
                .contains("phx1", "aws1", "50/s", "lag 41", "epoch 2", "epoch 5", "links held, aws1", "0.0 s", "4.0 s");
        assertThat(all(svg, "text"))
                .extracting(Element::getTextContent)
                .filteredOn(text -> text.matches("\\d+\\.\\d s"))
                .containsExactly("0.0 s", "0.5 s", "1.0 s", "1.5 s", "2.0 s", "2.5 s", "3.0 s", "3.5 s", "4.0 s");
        assertThat(all(svg, "path")).hasSize(4);
        // The first step of phx1 reaches to the top, its second to two fifths, of 44 pixels above the bottom.
        assertThat(all(svg, "path").get(0).getAttribute("d")).startsWith("M90 88 V44.0 H312.5 V70.4 H535.0 V88.0");
    }

    @Test
    void thePictureAloneFitsLightAndDarkPagesAndHasItsKey() throws Exception {
        String text = TimelineSvg.alone(Results.good("master-move"));
        Document svg = parse(text);

        assertThat(all(svg, "style"))
                .singleElement()
                .extracting(Element::getTextContent)
                .asString()
                .contains("prefers-color-scheme: dark");
        assertThat(all(svg, "text"))
                .extracting(Element::getTextContent)
                .contains("OPEN", "STANDBY", "SEALED", "fault", "phx1", "epoch 5");
        assertThat(text).doesNotContain("href=", "src=", "url(", "@import");
        assertThat(all(parse(TimelineSvg.of(Results.good("master-move"))), "style"))
                .isEmpty();
    }

    @Test
    void markdownHasOneTableAndNothingBreaksOutOfItsCell() {
        String text = Markdown.of(List.of(Results.good("master-move"), Results.bad()));

        assertThat(text.lines().filter(line -> line.startsWith("| ")).toList())
                .hasSize(4)
                .allSatisfy(row -> assertThat(row.replace("\\|", "").chars().filter(c -> c == '|'))
                        .hasSize(Figures.HEADS.size() + 1));
        assertThat(text)
                .contains("| master-move | passed | 12.3 | p50 210, p99 290, max 290 | p50 5210, p99 5810, max 5810 |"
                        + " p50 0, p99 640, max 640 | 51 | 4711 | 3 | 0 | 77 |")
                .contains("| all | 1 of 2 FAILED | 13.3 |")
                .contains("- NoLoss: **VIOLATED 2 times**")
                .contains("&lt;b>&amp;\"']]>--\\|\\`\\*\\_\\[x](y)\\\\  &lt;/script>")
                .doesNotContain("<b>", "</script>", "\u0001");
    }

    @Test
    void allReportsAreWritten(@TempDir Path directory) throws Exception {
        Path place = directory.resolve("new");

        Reports.write(place, "drills", List.of(Results.good("master-move")));

        try (var files = Files.list(place)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("TEST-drills.xml", "drills.md", "drills.html", "master-move.svg");
        }
        parse(Files.readString(place.resolve("TEST-drills.xml")));
    }
}
