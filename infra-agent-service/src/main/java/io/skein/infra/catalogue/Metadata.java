package io.skein.infra.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The {@code # skein:key=value} comments of a file; see examples/homelab-infra/README.md for what each means. */
public final class Metadata {

    private static final Pattern LINE = Pattern.compile("^#\\s*skein:([a-z_-]+)\\s*=\\s*(.*?)\\s*$");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*([smh]?)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*([KMGT]?)i?B?");
    private static final Set<String> RISKS = Set.of("low", "medium", "high");

    private final Map<String, String> values;

    private Metadata(Map<String, String> values) {
        this.values = values;
    }

    /** Reads every metadata comment of the text; the first one of a key counts. */
    public static Metadata of(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().map(String::strip).filter(line -> line.startsWith("#")).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                values.putIfAbsent(matcher.group(1), matcher.group(2));
            }
        });
        return new Metadata(values);
    }

    /** The value, or null when absent or empty. */
    public String text(String key) {
        String value = values.get(key);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A list separated by {@code |}. */
    public List<String> phrases(String key) {
        return split(key, "\\|");
    }

    /** A list separated by commas. */
    public List<String> names(String key) {
        return split(key, ",");
    }

    boolean flag(String key) {
        return "true".equalsIgnoreCase(values.get(key));
    }

    /** low, medium or high; what is none of them is medium. */
    String risk() {
        String risk = values.getOrDefault("risk", "medium").toLowerCase(Locale.ROOT);
        return RISKS.contains(risk) ? risk : "medium";
    }

    /** {@code 70s}, {@code 5m}, {@code 1h} or seconds; null when absent or something else. */
    Integer seconds(String key) {
        Matcher matcher = DURATION.matcher(values.getOrDefault(key, ""));
        if (!matcher.matches()) {
            return null;
        }
        int factor =
                switch (matcher.group(2)) {
                    case "m" -> 60;
                    case "h" -> 3600;
                    default -> 1;
                };
        return Integer.parseInt(matcher.group(1)) * factor;
    }

    /** {@code cpu:1,memory:256M,vram:2G}. */
    Playbook.Resources resources() {
        Double cpu = null;
        Long memory = null;
        Long vram = null;
        for (String entry : names("resources")) {
            String[] pair = entry.split(":", 2);
            if (pair.length == 2) {
                switch (pair[0].strip()) {
                    case "cpu" -> cpu = number(pair[1]);
                    case "memory" -> memory = bytes(pair[1]);
                    case "vram" -> vram = bytes(pair[1]);
                    default -> {
                        /* a later version may know more */
                    }
                }
            }
        }
        return new Playbook.Resources(cpu, memory, vram);
    }

    private static Double number(String text) {
        return text.strip().matches("\\d{1,4}(\\.\\d{1,3})?") ? Double.valueOf(text.strip()) : null;
    }

    private static Long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return null;
        }
        int power = " KMGT"
                .indexOf(matcher.group(2).isEmpty() ? ' ' : matcher.group(2).charAt(0));
        return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
    }

    private List<String> split(String key, String separator) {
        return Stream.of(values.getOrDefault(key, "").split(separator))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }
}
