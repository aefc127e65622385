package io.skein.platform.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The node graph of a YAML text, from which nothing is constructed. Size and depth are bounded while it is read; aliases are
 * edges of the graph, so whoever follows them asks {@link #measure} first or counts: ten lines of aliases of aliases stand for
 * a billion nodes.
 */
public final class BoundedYaml {

    public static final int MAX_DEPTH = 40;

    /** Once aliases are followed. */
    public static final int MAX_NODES = 100_000;

    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_ALIASES = 50;

    private int nodes;

    private BoundedYaml() {}

    /** The first document; null when there is none. What follows it is not looked at. */
    public static Node first(String text, boolean comments) throws UnreadableYamlException {
        List<Node> documents = read(text, comments, 1);
        return documents.isEmpty() ? null : documents.getFirst();
    }

    /** Every document, none more than {@code most}. */
    public static List<Node> all(String text, int most) throws UnreadableYamlException {
        List<Node> documents = read(text, false, most + 1);
        if (documents.size() > most) {
            throw new UnreadableYamlException("more than " + most + " documents", true);
        }
        return documents;
    }

    /**
     * Follows the aliases.
     *
     * @throws UnreadableYamlException when it is too large once they are followed, or has no end
     */
    public static void measure(Node root) throws UnreadableYamlException {
        new BoundedYaml().follow(root, 0);
    }

    /** Where it begins, from 1. */
    public static int line(Node node) {
        return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
    }

    private static List<Node> read(String text, boolean comments, int atMost) throws UnreadableYamlException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowDuplicateKeys(false);
        options.setProcessComments(comments);
        List<Node> documents = new ArrayList<>();
        try {
            Iterator<Node> rest = new Yaml(new SafeConstructor(options))
                    .composeAll(new StringReader(text))
                    .iterator();
            while (documents.size() < atMost && rest.hasNext()) {
                documents.add(rest.next());
            }
            return documents;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new UnreadableYamlException("not valid YAML: " + e.getProblem(), line, false);
        } catch (YAMLException | StackOverflowError e) {
            // The reader's own limits, and characters YAML does not have.
            throw new UnreadableYamlException("not readable as YAML: " + firstLine(e), true);
        }
    }

    private void follow(Node node, int depth) throws UnreadableYamlException {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new UnreadableYamlException("too large once its aliases are followed", line(node), true);
        }
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                follow(item, depth + 1);
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                follow(tuple.getKeyNode(), depth + 1);
                follow(tuple.getValueNode(), depth + 1);
            }
        }
    }

    private static String firstLine(Throwable e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
