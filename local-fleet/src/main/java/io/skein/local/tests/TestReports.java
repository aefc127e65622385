package io.skein.local.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Adds up surefire's and failsafe's XML and vitest's JSON under a tree. Only what was written since the run began counts:
 * reports of tests that are gone lie about for ever.
 */
final class TestReports {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NOT_ENTERED = Set.of("node_modules", ".git", ".skein", "src", "classes");
    private static final Set<String> XML_FOLDERS = Set.of("surefire-reports", "failsafe-reports");

    private final Instant since;
    private final List<String> failures = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private int tests;
    private int failed;
    private int skipped;

    private TestReports(Instant since) {
        this.since = since;
    }

    static TestReports read(Path tree, Instant since) throws IOException {
        TestReports reports = new TestReports(since);
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_ENTERED.contains(folder.getFileName().toString()) && !folder.equals(tree)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                reports.visit(file, attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // a test's temporary file went away
            }
        });
        return reports;
    }

    int passed() {
        return tests - failed - skipped;
    }

    int failed() {
        return failed;
    }

    int skipped() {
        return skipped;
    }

    /** Which tests failed, and reports that cannot be read. */
    List<String> complaints() {
        List<String> all = new ArrayList<>(failures);
        all.addAll(unreadable);
        return all;
    }

    private void visit(Path file, BasicFileAttributes attributes) {
        if (attributes.lastModifiedTime().toInstant().isBefore(since)) {
            return;
        }
        String name = file.getFileName().toString();
        try {
            if (name.startsWith("TEST-")
                    && name.endsWith(".xml")
                    && XML_FOLDERS.contains(file.getParent().getFileName().toString())) {
                xml(file);
            } else if (name.equals("vitest.json")) {
                vitest(file);
            }
        } catch (IOException | XMLStreamException | NumberFormatException e) {
            failed++;
            tests++;
            unreadable.add("report " + file + " cannot be read: " + e.getMessage());
        }
    }

    private void xml(Path file) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            String test = "";
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (reader.getLocalName()) {
                    case "testsuite" -> {
                        tests += number(reader, "tests");
                        failed += number(reader, "failures") + number(reader, "errors");
                        skipped += number(reader, "skipped");
                    }
                    case "testcase" ->
                        test = reader.getAttributeValue(null, "classname") + "."
                                + reader.getAttributeValue(null, "name");
                    case "failure", "error" -> failures.add(test);
                    default -> {
                        // output and properties do not count
                    }
                }
            }
        }
    }

    private void vitest(Path file) throws IOException {
        JsonNode report = JSON.readTree(file.toFile());
        tests += report.path("numTotalTests").asInt();
        failed += report.path("numFailedTests").asInt();
        skipped += report.path("numPendingTests").asInt()
                + report.path("numTodoTests").asInt();
        for (JsonNode suite : report.path("testResults")) {
            for (JsonNode test : suite.path("assertionResults")) {
                if (test.path("status").asText().equals("failed")) {
                    failures.add("vitest " + test.path("fullName").asText());
                }
            }
        }
    }

    private static int number(XMLStreamReader reader, String attribute) {
        String value = reader.getAttributeValue(null, attribute);
        return value == null ? 0 : Integer.parseInt(value);
    }
}
