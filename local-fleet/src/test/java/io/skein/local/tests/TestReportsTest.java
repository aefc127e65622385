package io.skein.local.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path tree;

    @Test
    void unitIntegrationAndBrowserTestsAreAddedUp() throws IOException {
        write("a/target/surefire-reports/TEST-A.xml", suite(5, 1, 1, 1));
        write("b/target/failsafe-reports/TEST-B.xml", suite(2, 0, 0, 0));
        write("ui/target/vitest.json", """
                {"numTotalTests": 4, "numFailedTests": 1, "numPendingTests": 1, "numTodoTests": 0,
                 "testResults": [{"assertionResults": [{"status": "failed", "fullName": "plan shows risk"}]}]}""");

        TestReports reports = TestReports.read(tree, START);

        assertEquals("6 3 2", reports.passed() + " " + reports.failed() + " " + reports.skipped());
        assertEquals(
                List.of("io.A.broken", "vitest plan shows risk"),
                reports.complaints().stream().sorted().toList());
    }

    @Test
    void reportsOfAnEarlierRunDoNotCount() throws IOException {
        Path old = write("a/target/surefire-reports/TEST-A.xml", suite(5, 0, 0, 0));
        Files.setLastModifiedTime(old, FileTime.from(START.minusSeconds(5)));
        assertEquals(0, TestReports.read(tree, START).passed());
    }

    @Test
    void aTornReportIsAFailure() throws IOException {
        write("a/target/surefire-reports/TEST-A.xml", "<testsuite tests=\"3\" failures=\"0\"");
        TestReports reports = TestReports.read(tree, START);
        assertTrue(reports.failed() > 0);
        assertEquals(1, reports.complaints().size());
    }

    @Test
    void anEntityIsNotResolved() throws IOException {
        write(
                "a/target/surefire-reports/TEST-A.xml",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><testsuite tests=\"1\">&e;</testsuite>");
        assertTrue(TestReports.read(tree, START).failed() > 0);
    }

    private Path write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String suite(int tests, int failures, int errors, int skipped) {
        return "<testsuite tests=\"" + tests + "\" failures=\"" + failures + "\" errors=\"" + errors + "\" skipped=\""
                + skipped + "\">"
                + (failures > 0 ? "<testcase classname=\"io.A\" name=\"broken\"><failure/></testcase>" : "")
                + "</testsuite>";
    }
}
