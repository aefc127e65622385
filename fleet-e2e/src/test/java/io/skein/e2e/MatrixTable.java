package io.skein.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The table of who may do what, as its file says it; the file explains itself. */
final class MatrixTable {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");
    private static final Pattern CELL = Pattern.compile("-|in|\\d{3}[+-]?");

    /** Too late, or without what a change has to know: told only to those who may see the thing. */
    private static final Set<Integer> PAST_THE_GATE = Set.of(409, 428);

    private final List<Row> rows;

    private MatrixTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** An endpoint of a service. */
    record Operation(String service, String method, String path) {
        @Override
        public String toString() {
            return service + " " + method + " " + path;
        }
    }

    /**
     * What somebody should be answered.
     *
     * @param status 0: anything that is no refusal
     * @param marked true: the answer must show the marker; false: it must not; empty: no matter
     */
    record Expected(int status, Optional<Boolean> marked) {

        static Optional<Expected> of(String cell) {
            if (cell.equals("-")) {
                return Optional.empty();
            }
            if (cell.equals("in")) {
                return Optional.of(new Expected(0, Optional.empty()));
            }
            int status = Integer.parseInt(cell.substring(0, 3));
            return Optional.of(
                    new Expected(status, cell.length() == 3 ? Optional.empty() : Optional.of(cell.endsWith("+"))));
        }

        boolean isRefusal() {
            return isRefusal(status);
        }

        boolean fits(int answered) {
            return status == 0 ? !isRefusal(answered) : status == answered;
        }

        private static boolean isRefusal(int status) {
            return status == 401 || status == 403 || status == 404;
        }
    }

    /**
     * One line.
     *
     * @param target the path with the names of things in it, and a query
     * @param body JSON with the names of things in it, or null
     * @param marker what a cell with + or - is about, or null
     * @param open answers everybody the same, whatever token comes with it
     */
    record Row(
            int line,
            Operation operation,
            String target,
            String body,
            String marker,
            boolean open,
            Map<Who, Expected> expected) {

        @Override
        public String toString() {
            return "line " + line + " (" + operation + ")";
        }
    }

    /**
     * @throws IllegalArgumentException when a line says too little, too much, or proves nothing
     */
    static MatrixTable parse(String text) {
        List<Row> rows = new ArrayList<>();
        String service = null;
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.startsWith("[")) {
                service = line.substring(1, line.length() - 1);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                rows.add(row(i + 1, service, line));
            }
        }
        return new MatrixTable(rows);
    }

    private static Row row(int number, String service, String line) {
        String[] cells = line.split("\\|", -1);
        require(cells.length == 6, number, "needs six columns: method, path, target, body, marker, answers");
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].strip();
        }
        Operation operation = new Operation(service, cells[0], cells[1]);
        String[] answers = cells[5].split("\\s+");
        boolean open = answers.length == 2 && answers[0].equals("open");
        Map<Who, Expected> expected = new EnumMap<>(Who.class);
        if (open) {
            for (Who who : Who.values()) {
                expected.put(who, Expected.of(answers[1]).orElseThrow());
            }
        } else {
            require(answers.length == Who.COLUMNS.size(), number, "needs an answer for each of " + Who.COLUMNS);
            for (int i = 0; i < answers.length; i++) {
                require(CELL.matcher(answers[i]).matches(), number, "cannot read " + answers[i]);
                Who who = Who.COLUMNS.get(i);
                Expected.of(answers[i]).ifPresent(answer -> expected.put(who, answer));
            }
            Who.FORGED.forEach(who -> expected.put(who, new Expected(401, Optional.empty())));
            prove(number, expected, cells[4]);
        }
        return new Row(
                number,
                operation,
                cells[2].isEmpty() ? cells[1] : cells[2],
                cells[3].isEmpty() ? null : cells[3],
                cells[4].isEmpty() ? null : cells[4],
                open,
                expected);
    }

    /** A 404 proves isolation only when the same address gives somebody an answer, and an absence only beside a presence. */
    private static void prove(int number, Map<Who, Expected> expected, String marker) {
        // What even the administrator is told does not exist, does not: that 404 is nobody's isolation.
        boolean hidden = expected.entrySet().stream()
                .anyMatch(answer ->
                        answer.getKey() != Who.ADMIN && answer.getValue().status() == 404);
        boolean shown = expected.values().stream()
                .anyMatch(answer -> answer.status() < 400 || PAST_THE_GATE.contains(answer.status()));
        require(!hidden || shown, number, "hides something that nobody sees");
        boolean absent =
                expected.values().stream().anyMatch(answer -> answer.marked().equals(Optional.of(false)));
        boolean present =
                expected.values().stream().anyMatch(answer -> answer.marked().equals(Optional.of(true)));
        require(!absent || present, number, "says that something is absent that nobody finds");
        require(!(absent || present) || !marker.isEmpty(), number, "does not say what is to be found");
    }

    private static void require(boolean holds, int line, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("line " + line + " of the endpoint matrix " + otherwise);
        }
    }

    List<Row> rows() {
        return rows;
    }

    Set<Operation> operations() {
        Set<Operation> all = new LinkedHashSet<>();
        rows.forEach(row -> all.add(row.operation()));
        return all;
    }

    /** The operations an OpenAPI document names. */
    static Set<Operation> operations(String service, JsonNode document) {
        Set<Operation> all = new LinkedHashSet<>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .map(Map.Entry::getKey)
                .filter(METHODS::contains)
                .forEach(method ->
                        all.add(new Operation(service, method.toUpperCase(java.util.Locale.ROOT), path.getKey()))));
        return all;
    }

    /** What one has and the other has not. */
    List<String> differences(Set<Operation> documented) {
        List<String> complaints = new ArrayList<>();
        Set<Operation> listed = operations();
        for (Operation operation : sorted(documented)) {
            if (!listed.contains(operation)) {
                complaints.add(operation + " is served and not in the table: say who may use it");
            }
        }
        for (Operation operation : sorted(listed)) {
            if (!documented.contains(operation)) {
                complaints.add(operation + " is in the table and no longer served");
            }
        }
        return complaints;
    }

    private static List<Operation> sorted(Set<Operation> operations) {
        Set<Operation> sorted = new TreeSet<>(java.util.Comparator.comparing(Operation::toString));
        sorted.addAll(operations);
        return List.copyOf(sorted);
    }
}
