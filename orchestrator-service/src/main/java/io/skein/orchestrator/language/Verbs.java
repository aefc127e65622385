package io.skein.orchestrator.language;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The verbs of operations work, and how to see that a piece of text begins with one. */
final class Verbs {

    /** A verb found at the start of a text: its base form and how many characters of the text it takes. */
    record Head(String base, int length) {}

    private static final Set<String> PLAIN = Set.of(
            "activate",
            "add",
            "adjust",
            "allow",
            "append",
            "apply",
            "archive",
            "attach",
            "audit",
            "block",
            "bootstrap",
            "bring",
            "change",
            "check",
            "clean",
            "clear",
            "clone",
            "collect",
            "configure",
            "connect",
            "convert",
            "create",
            "define",
            "delete",
            "deploy",
            "destroy",
            "detach",
            "disable",
            "disconnect",
            "download",
            "drain",
            "drop",
            "empty",
            "enable",
            "encrypt",
            "enforce",
            "ensure",
            "execute",
            "expand",
            "export",
            "extend",
            "fetch",
            "fix",
            "flush",
            "format",
            "gather",
            "generate",
            "get",
            "give",
            "grant",
            "harden",
            "import",
            "increase",
            "initialize",
            "inspect",
            "install",
            "investigate",
            "join",
            "kill",
            "launch",
            "limit",
            "lock",
            "make",
            "migrate",
            "modify",
            "monitor",
            "move",
            "open",
            "optimize",
            "patch",
            "pause",
            "ping",
            "prepare",
            "print",
            "provision",
            "prune",
            "publish",
            "pull",
            "purge",
            "push",
            "put",
            "reboot",
            "rebuild",
            "recreate",
            "redeploy",
            "reduce",
            "refresh",
            "register",
            "reinstall",
            "reload",
            "remove",
            "rename",
            "renew",
            "repair",
            "replace",
            "reset",
            "resize",
            "restart",
            "restore",
            "resume",
            "revert",
            "revoke",
            "rollback",
            "rotate",
            "run",
            "scale",
            "scan",
            "schedule",
            "secure",
            "send",
            "set",
            "setup",
            "ship",
            "show",
            "start",
            "stop",
            "suspend",
            "swap",
            "switch",
            "sync",
            "synchronize",
            "terminate",
            "trim",
            "tune",
            "unblock",
            "uninstall",
            "unlock",
            "unmount",
            "update",
            "upgrade",
            "upload",
            "validate",
            "verify",
            "wipe",
            "write");

    /** Verbs that are nouns just as often ("backup servers"): they need an object that is plainly one. */
    private static final Set<String> AMBIGUOUS = Set.of(
            "access", "backup", "build", "cache", "copy", "group", "host", "index", "link", "list", "log", "map",
            "mirror", "mount", "query", "release", "report", "rollout", "test");

    private static final Set<String> PARTICLE = Set.of(
            "back up",
            "bring down",
            "bring up",
            "clean up",
            "fire up",
            "get rid of",
            "power off",
            "power on",
            "put up",
            "roll back",
            "roll out",
            "set up",
            "shut down",
            "spin up",
            "stand up",
            "take down",
            "tear down",
            "turn off",
            "turn on",
            "make sure");

    private static final Pattern PLAIN_OBJECT = Pattern.compile(
            "(?:(?:the|our|my|your|all|its|their|this|that|these|those|every|each|a|an|any|both|it|them|new)\\b|[A-Z0-9"
                    + Quotes.HIDDEN_CLASS + "]).*",
            Pattern.DOTALL);

    private static final Map<String, String> GERUNDS = gerunds();

    private Verbs() {}

    /** The verb the text begins with, when what follows can be its object (or nothing does). */
    static Optional<Head> at(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (String verb : PARTICLE) {
            if (startsWithWord(lower, verb)) {
                return Optional.of(new Head(verb, verb.length()));
            }
        }
        String word = firstWord(lower);
        if (PLAIN.contains(word)) {
            return Optional.of(new Head(word, word.length()));
        }
        if (AMBIGUOUS.contains(word)) {
            String rest = text.substring(word.length()).strip();
            return PLAIN_OBJECT.matcher(rest).matches() ? Optional.of(new Head(word, word.length())) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Like {@link #at}, and takes ambiguous verbs too: right where a sentence begins, a noun seldom stands. */
    static Optional<Head> atSentenceStart(String text) {
        return at(text).or(() -> {
            String word = firstWord(text.toLowerCase(Locale.ROOT));
            return AMBIGUOUS.contains(word) ? Optional.of(new Head(word, word.length())) : Optional.empty();
        });
    }

    /** The gerund the text begins with ("deploying", "setting up"); its base form stands in the answer. */
    static Optional<Head> gerundAt(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String word = firstWord(lower);
        int space = lower.indexOf(' ');
        if (space > 0 && space == word.length()) {
            String two = word + " " + firstWord(lower.substring(space + 1));
            String base = GERUNDS.get(two);
            if (base != null) {
                return Optional.of(new Head(base, two.length()));
            }
        }
        return Optional.ofNullable(GERUNDS.get(word)).map(base -> new Head(base, word.length()));
    }

    private static boolean startsWithWord(String text, String word) {
        return text.startsWith(word)
                && (text.length() == word.length() || !Character.isLetterOrDigit(text.charAt(word.length())));
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        // "set-top", "check_mode", "start.yml": part of a name, not a verb.
        if (end < text.length() && "-_./=".indexOf(text.charAt(end)) >= 0) {
            return "";
        }
        return text.substring(0, end);
    }

    private static Map<String, String> gerunds() {
        Map<String, String> all = new HashMap<>();
        PLAIN.forEach(verb -> addGerunds(all, verb, "", verb));
        AMBIGUOUS.forEach(verb -> addGerunds(all, verb, "", verb));
        for (String verb : PARTICLE) {
            int space = verb.indexOf(' ');
            addGerunds(all, verb.substring(0, space), verb.substring(space), verb);
        }
        return Map.copyOf(all);
    }

    private static void addGerunds(Map<String, String> all, String verb, String tail, String base) {
        all.put(verb + "ing" + tail, base);
        all.put(verb + verb.charAt(verb.length() - 1) + "ing" + tail, base);
        if (verb.endsWith("e")) {
            all.put(verb.substring(0, verb.length() - 1) + "ing" + tail, base);
        }
    }
}
