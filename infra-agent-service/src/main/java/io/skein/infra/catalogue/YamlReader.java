package io.skein.infra.catalogue;

import io.skein.platform.yaml.BoundedYaml;
import io.skein.platform.yaml.UnreadableYamlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as plain maps, lists and scalars. Nothing is constructed from tags ({@code !vault} becomes {@link #VAULTED}, any other
 * unknown tag is its text), and size, depth and aliases are bounded: a file somebody dropped into the repository must not be
 * able to fill our memory.
 */
public final class YamlReader {

    /** Stands for a value that is encrypted with Ansible Vault. */
    static final String VAULTED = "(vaulted)";

    private int nodes;

    private YamlReader() {}

    /** The first document of the text; null when there is none. */
    static Object read(String text) throws BrokenFileException {
        Node root = compose(text, false);
        return root == null ? null : new YamlReader().convert(root, 0);
    }

    /** A mapping's comments: the {@code #} lines directly above a key, without the {@code #}. */
    static Map<String, String> comments(String text) throws BrokenFileException {
        Map<String, String> found = new LinkedHashMap<>();
        Node root = compose(text, true);
        if (root != null) {
            collect(root, found, 0);
        }
        return found;
    }

    /** The texts that stand under a name like these, at any depth; nothing when the text cannot be read. */
    public static Set<String> textsUnder(Pattern names, String text) {
        Set<String> found = new LinkedHashSet<>();
        try {
            textsUnder(names, read(text), false, found);
        } catch (BrokenFileException e) {
            return Set.of();
        }
        return found;
    }

    private static void textsUnder(Pattern names, Object value, boolean inside, Set<String> found) {
        if (value instanceof List<?> list) {
            list.forEach(item -> textsUnder(names, item, inside, found));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> textsUnder(
                    names, inner, inside || names.matcher(String.valueOf(key)).matches(), found));
        } else if (inside && value instanceof String text && !text.equals(VAULTED) && !text.contains("{{")) {
            found.add(text);
        }
    }

    /**
     * Why this text must not be given to a program that follows its aliases without bounds, as Ansible's do; empty when it may.
     * Whether it is right otherwise is for that program to say.
     */
    public static Optional<String> refusal(String text) {
        try {
            Node root = compose(text, false);
            if (root != null) {
                BoundedYaml.measure(root);
            }
            return Optional.empty();
        } catch (TooLargeException | UnreadableYamlException e) {
            return Optional.of(e.getMessage());
        } catch (BrokenFileException e) {
            return Optional.empty();
        }
    }

    private static final class TooLargeException extends BrokenFileException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String reason) {
            super(reason);
        }
    }

    private static Node compose(String text, boolean comments) throws BrokenFileException {
        try {
            return BoundedYaml.first(text, comments);
        } catch (UnreadableYamlException e) {
            throw e.isTooLarge() ? new TooLargeException(e.getMessage()) : new BrokenFileException(e.getMessage());
        }
    }

    private Object convert(Node node, int depth) throws BrokenFileException {
        if (++nodes > BoundedYaml.MAX_NODES || depth > BoundedYaml.MAX_DEPTH) {
            throw new BrokenFileException("too large once its aliases are followed", BoundedYaml.line(node));
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> list = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                list.add(convert(item, depth + 1));
            }
            return list;
        }
        if (node instanceof MappingNode mapping) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw new BrokenFileException("a key is not a plain word", BoundedYaml.line(tuple.getKeyNode()));
                }
                if (map.containsKey(key.getValue())) {
                    throw new BrokenFileException(
                            "the key \"" + key.getValue() + "\" is given twice", BoundedYaml.line(key));
                }
                map.put(key.getValue(), convert(tuple.getValueNode(), depth + 1));
            }
            return map;
        }
        return scalar((ScalarNode) node);
    }

    private static Object scalar(ScalarNode node) {
        String value = node.getValue();
        String tag = node.getTag().getValue();
        if (tag.equals("!vault") || tag.equals("!vault-encrypted")) {
            return VAULTED;
        }
        if (node.getTag().equals(Tag.NULL)) {
            return null;
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return switch (value.toLowerCase(java.util.Locale.ROOT)) {
                case "true", "yes", "on" -> Boolean.TRUE;
                default -> Boolean.FALSE;
            };
        }
        try {
            if (node.getTag().equals(Tag.INT) && value.matches("[-+]?(0|[1-9][0-9]*)")) {
                return Long.valueOf(value);
            }
            if (node.getTag().equals(Tag.FLOAT)) {
                return Double.valueOf(value);
            }
        } catch (NumberFormatException e) {
            return value;
        }
        return value;
    }

    private static void collect(Node node, Map<String, String> found, int depth) {
        if (depth > BoundedYaml.MAX_DEPTH) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> collect(item, found, depth + 1));
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    String comment = text(key.getBlockComments());
                    if (!comment.isEmpty()) {
                        found.putIfAbsent(key.getValue(), comment);
                    }
                    if (depth < 4) {
                        collect(tuple.getValueNode(), found, depth + 1);
                    }
                }
            }
        }
    }

    private static String text(List<CommentLine> lines) {
        StringBuilder text = new StringBuilder();
        for (CommentLine line : lines == null ? List.<CommentLine>of() : lines) {
            String words = line.getValue().strip();
            if (!words.isEmpty() && !words.startsWith("skein:")) {
                text.append(text.isEmpty() ? "" : " ").append(words);
            }
        }
        return text.length() > 300 ? text.substring(0, 300) : text.toString();
    }
}
