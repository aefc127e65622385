package io.skein.orchestrator.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a person wants changed about a plan they were shown. */
public final class ChangeWords {

    private static final Map<String, Integer> ORDINALS = Map.of(
            "first", 1, "second", 2, "third", 3, "fourth", 4, "fifth", 5, "1st", 1, "2nd", 2, "3rd", 3, "4th", 4, "5th",
            5);
    private static final String ORDINAL = "first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th";
    private static final String STEP = "(?:step\\s+#?(\\d{1,2})|the\\s+(" + ORDINAL + ")\\s+step)";
    private static final Pattern DROP = pattern(
            "(?:drop|remove|delete|skip|leave\\s+out|omit|without|cancel|don't\\s+(?:do|run)|do\\s+not\\s+(?:do|run))\\s+"
                    + STEP);
    private static final Pattern DROP_MANY = pattern(
            "(?:drop|remove|delete|skip|leave\\s+out|omit)\\s+steps\\s+((?:#?\\d{1,2}\\s*(?:,|and|&|,\\s*and)?\\s*)+)");
    private static final Pattern FIRST = pattern("(?:run|do|start\\s+with|put|move|execute)\\s+" + STEP
            + "(?:\\s+(?:first|to\\s+the\\s+(?:front|start|top|beginning)))?");
    private static final Pattern BEFORE =
            pattern("(?:run|do|put|move|execute)\\s+" + STEP + "\\s+(before|after)\\s+" + STEP);
    private static final Pattern SWAP =
            pattern("(?:swap|switch|exchange)\\s+(?:steps\\s+#?(\\d{1,2})\\s+and\\s+#?(\\d{1,2}))");
    private static final Pattern ASSIGN =
            pattern("(?:(?:please\\s+)?(?:set|change|make|use|using|with|let)\\s+)?(?:the\\s+)?(.+?)"
                    + "(?:\\s+(?:in|for|of|on)\\s+" + STEP + ")?");
    private static final Pattern VALUE_WORDS = pattern(
            "(?:(?:set|change|make|use|using|with|let)\\s+)?(?:the\\s+)?(?:[\\p{L}][\\w-]*(?:\\s+[\\p{L}][\\w-]*){0,3}?\\s*(?:=|:)\\s*\\S.*"
                    + "|[\\p{L}][\\w-]*(?:\\s+[\\p{L}][\\w-]*){0,3}?\\s+(?:to|should\\s+be|must\\s+be|is)\\s+\\S+.*"
                    + "|[\\p{L}][\\w-]*(?:\\s+[\\p{L}][\\w-]*){0,3}?\\s+v?\\d[\\w.:-]*.*)");
    private static final Pattern PLAYBOOK = pattern(
            "(?:(?:use|run|take|pick|i\\s+mean|i\\s+meant|it's|choose|add)\\s+)?(?:the\\s+playbook\\s+)?[`\"']?([\\w./-]+\\.ya?ml)[`\"']?");
    private static final Pattern CHOICE =
            pattern("(?:(?:use|take|pick|run|choose|i\\s+mean|i\\s+meant)\\s+)?(?:(?:the\\s+)?(" + ORDINAL
                    + ")(?:\\s+(?:one|candidate|option|playbook))?|(?:option|candidate|number|no\\.?)?\\s*#?(\\d))");
    private static final Pattern PLACE = pattern(
            "(?:(?:run|do|use|deploy|execute|apply)\\s+(?:it|them|this|that|everything)\\s+)?(?:only\\s+)?(?:on|to|in|at|onto)\\s+.+");

    private static final Pattern DROP_QUESTION = pattern(
            "(?:drop|skip|forget|ignore|leave\\s+out|omit|remove)(?:\\s+about)?\\s+(?:it|that|this|the\\s+(?:question|rest|other)).*");
    private static final Pattern KEEP = pattern(
            "(?:never\\s*mind|(?:keep|leave)\\s+(?:it|everything|the\\s+plan)(?:\\s+as\\s+(?:it\\s+is|is))?|no\\s+changes?|nothing).*");

    private ChangeWords() {}

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /**
     * @param asked true when the plan has open questions, so that "2" or "the first one" can be an answer
     */
    public static List<Change> read(String text, boolean asked) {
        List<Change> changes = new ArrayList<>();
        String whole = Lead.of(text.strip()).rest().replaceAll("[\\s.!,;]+$", "");
        if (KEEP.matcher(whole).matches()) {
            return List.of(new Change.Keep());
        }
        if (asked && DROP_QUESTION.matcher(whole).matches()) {
            return List.of(new Change.DropQuestion());
        }
        if (asked) {
            Matcher choice = CHOICE.matcher(whole);
            if (choice.matches()) {
                return List.of(new Change.Choose(number(choice.group(2), choice.group(1))));
            }
        }
        if (assigns(whole) && !whole.matches("(?is).*\\bstep\\b.*\\band\\b.*")) {
            changes.add(one(whole));
            return changes;
        }
        for (String part : whole.split(
                "(?i)\\s*(?:;|\\.\\s|,?\\s+(?:and|then|but)\\s+(?=(?:then\\s+|also\\s+)?(?:drop|remove|delete|skip|run|do|set|use|move|put|swap|change|leave|step|on)\\b)|,\\s+(?=(?:drop|remove|delete|skip|set|use|run|move|put|swap)\\b))\\s*")) {
            String words = Lead.of(part).rest().strip();
            if (!words.isEmpty()) {
                many(words, changes);
            }
        }
        return changes;
    }

    private static boolean assigns(String words) {
        return VALUE_WORDS.matcher(words).matches() && one(words) instanceof Change.Assign;
    }

    private static void many(String words, List<Change> changes) {
        Matcher drops = DROP_MANY.matcher(words);
        Matcher swap = SWAP.matcher(words);
        if (drops.matches()) {
            Matcher numbers = Pattern.compile("\\d{1,2}").matcher(drops.group(1));
            while (numbers.find()) {
                changes.add(new Change.Drop(Integer.parseInt(numbers.group())));
            }
        } else if (swap.matches()) {
            int a = Integer.parseInt(swap.group(1));
            int b = Integer.parseInt(swap.group(2));
            changes.add(new Change.Move(Math.max(a, b), Math.min(a, b)));
        } else {
            changes.add(one(words));
        }
    }

    private static Change one(String words) {
        Matcher drop = DROP.matcher(words);
        if (drop.matches()) {
            return new Change.Drop(number(drop.group(1), drop.group(2)));
        }
        Matcher before = BEFORE.matcher(words);
        if (before.matches()) {
            int moved = number(before.group(1), before.group(2));
            int other = number(before.group(4), before.group(5));
            return before.group(3).equalsIgnoreCase("before")
                    ? new Change.Move(moved, other)
                    : new Change.Move(other, moved);
        }
        Matcher first = FIRST.matcher(words);
        if (first.matches()) {
            return new Change.Move(number(first.group(1), first.group(2)), null);
        }
        Matcher playbook = PLAYBOOK.matcher(words);
        if (playbook.matches()) {
            return new Change.Pick(playbook.group(1));
        }
        if (PLACE.matcher(words).matches() && !words.matches("(?i).*\\bport\\s+\\d.*")) {
            return new Change.Retarget(words);
        }
        Matcher assign = ASSIGN.matcher(words);
        if (VALUE_WORDS.matcher(words).matches() && assign.matches() && valueVerb(words)) {
            Integer step = assign.group(2) == null && assign.group(3) == null
                    ? null
                    : number(assign.group(2), assign.group(3));
            return new Change.Assign(assign.group(1), step);
        }
        return Verbs.atSentenceStart(words).isPresent() && words.contains(" ")
                ? new Change.Add(words)
                : new Change.Unclear(words);
    }

    /** "install nginx 1.2" is more to do, "port 3002" and "set port to 3002" are values. */
    private static boolean valueVerb(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return lower.matches("(?s)(?:set|change|make|use|using|with|let)\\b.*")
                || Verbs.at(words).isEmpty();
    }

    private static int number(String digits, String ordinal) {
        return digits != null ? Integer.parseInt(digits) : ORDINALS.get(ordinal.toLowerCase(Locale.ROOT));
    }
}
