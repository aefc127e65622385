package io.skein.packaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** K8S-05: what a Dockerfile of ours must be like. Answers with the violations; none is good news. */
final class DockerfileRules {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Z_]+)}?");
    private static final Pattern SECRET = Pattern.compile("(?i)\\b[A-Z_]*(PASSWORD|SECRET|TOKEN)[A-Z_]*=");

    private DockerfileRules() {}

    record Instruction(String name, String arguments) {}

    /** The instructions, comments gone and continued lines joined. */
    static List<Instruction> parse(String dockerfile) {
        String joined = dockerfile.replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("\\\\\\R\\s*", " ");
        List<Instruction> instructions = new ArrayList<>();
        for (String line : joined.lines().filter(text -> !text.isBlank()).toList()) {
            String[] parts = line.strip().split("\\s+", 2);
            instructions.add(new Instruction(parts[0], parts.length > 1 ? parts[1] : ""));
        }
        return instructions;
    }

    /** {@code inContext} says whether a path that is copied exists in the build context. */
    static List<String> violations(String dockerfile, int port, Predicate<String> inContext) {
        List<Instruction> instructions = parse(dockerfile);
        List<String> violations = new ArrayList<>();
        Map<String, String> arguments = new HashMap<>();
        Set<String> stages = new HashSet<>();
        String user = "root";
        boolean exposes = false;
        boolean execs = false;
        for (Instruction instruction : instructions) {
            String text = expand(instruction.arguments(), arguments);
            switch (instruction.name()) {
                case "ARG" -> {
                    String[] pair = instruction.arguments().split("=", 2);
                    arguments.put(pair[0], pair.length > 1 ? pair[1] : "");
                }
                case "FROM" -> {
                    from(text, stages, violations);
                    user = "root";
                }
                case "RUN" -> run(text, violations);
                case "COPY" -> copy(text, inContext, violations);
                case "ADD" -> violations.add("ADD unpacks and downloads as it likes: use COPY");
                case "ENV" -> {
                    if (SECRET.matcher(text).find()) {
                        violations.add("a secret in the image: " + text);
                    }
                }
                case "USER" -> user = text;
                case "EXPOSE" -> exposes |= text.equals(String.valueOf(port));
                case "ENTRYPOINT" ->
                    execs = text.startsWith("[") && (!text.contains("\"-c\"") || text.contains("exec "));
                case "HEALTHCHECK" -> violations.add("Kubernetes has probes; a HEALTHCHECK is a second opinion");
                case "WORKDIR", "VOLUME", "LABEL", "SHELL" -> {}
                default -> violations.add("unknown instruction " + instruction.name());
            }
        }
        if (!user.matches("[1-9]\\d{3,}:[1-9]\\d{3,}")) {
            violations.add("runs as " + user + ", not as a number above 999");
        }
        if (!exposes) {
            violations.add("does not expose " + port);
        }
        if (!execs) {
            violations.add("its process is not process 1: a SIGTERM would not reach it");
        }
        return violations;
    }

    private static String expand(String text, Map<String, String> arguments) {
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.replaceAll(
                match -> Matcher.quoteReplacement(arguments.getOrDefault(match.group(1), match.group())));
    }

    private static void from(String text, Set<String> stages, List<String> violations) {
        String[] parts = text.split("\\s+");
        String image = parts[0];
        String last = image.substring(image.lastIndexOf('/') + 1);
        if (!stages.contains(image) && (!last.contains(":") || last.matches(".*:(latest|[a-z]+)"))) {
            violations.add("FROM " + image + " is a different image every day");
        }
        if (parts.length == 3) {
            stages.add(parts[2]);
        }
    }

    private static void run(String text, List<String> violations) {
        if (text.contains("apt-get install")
                && !(text.contains("--no-install-recommends") && text.contains("rm -rf /var/lib/apt/lists"))) {
            violations.add("apt-get leaves more behind than it has to: " + text);
        }
        if (text.contains("pip install") && !text.contains("-r ")) {
            violations.add("pip installs what nobody pinned: " + text);
        }
        if (text.matches(".*\\b(curl|wget)\\b.*\\|\\s*(ba)?sh.*") || text.contains("chmod 777")) {
            violations.add("no: " + text);
        }
    }

    private static void copy(String text, Predicate<String> inContext, List<String> violations) {
        if (text.contains("--from=")) {
            return;
        }
        List<String> paths = new ArrayList<>(List.of(text.split("\\s+")));
        paths.removeIf(path -> path.startsWith("--"));
        paths.removeLast();
        for (String path : paths) {
            if (!inContext.test(path)) {
                violations.add("copies " + path + ", which no build makes");
            }
        }
    }
}
