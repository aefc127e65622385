package io.skein.infra.match;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Words of a request or a playbook: stems without filler, and what kind of act the verbs ask for. English. */
final class Words {

    private static final Pattern SPLIT = Pattern.compile("[^a-z0-9]+");

    private static final Set<String> FILLER =
            Set.of(("a an and any are as at be been by can could do does for from get give go "
                            + "had has have i if in into is it its just kindly let lets like make me my need now of on one onto or our "
                            + "out over please so some that the their them then there these they this those to up us want was we were "
                            + "what when which will with would you your also again new all every each everything thing things "
                            + "existing current currently using use via properly well quickly today tonight should must id ill whole "
                            + "sure way run running playbook task job ansible server servers machine machines host hosts homelab lab "
                            + "system config configuration setting settings file files")
                    .split(" "));

    /** What an act does to the world; acts of different kinds are different requests however alike the words are. */
    enum Act {
        PUT,
        REMOVE,
        CHANGE,
        LOOK,
        SAVE,
        RESTORE,
        RESTART,
        STOP,
        ROTATE,
        SCHEDULE,
        UPDATE,
        MOVE
    }

    private static final Map<Act, Set<String>> ACTS = Map.ofEntries(
            act(
                    Act.PUT,
                    "deploy install setup provision launch create build publish host introduce roll bring stand spin put "
                            + "start run enable generate write configure apply"),
            act(
                    Act.REMOVE,
                    "remove uninstall delete purge drop destroy teardown wipe undeploy decommission tear rid take"),
            act(
                    Act.CHANGE,
                    "add configure append register change set edit monitor watch include connect route store save put "
                            + "write refresh update generate adjust extend"),
            act(
                    Act.LOOK,
                    "check show list report verify measure see inspect look tell collect gather audit document how what "
                            + "much enough find count"),
            act(Act.SAVE, "backup back archive snapshot dump pack copy"),
            act(Act.RESTORE, "restore recover rollback revert undo"),
            act(Act.RESTART, "restart reboot reload bounce"),
            act(Act.STOP, "stop halt disable pause shutdown kill"),
            act(Act.ROTATE, "rotate compress trim clean cleanup prune tidy truncate shrink"),
            act(Act.SCHEDULE, "schedule cron timer plan daily nightly hourly weekly night"),
            act(Act.UPDATE, "update upgrade apply patch refresh bump renew change rotate"),
            act(Act.MOVE, "move migrate transfer rename sync"));

    private Words() {}

    /** Stems in order, filler left out. */
    static List<String> stems(String text) {
        List<String> stems = new ArrayList<>();
        for (String word : SPLIT.split(prepare(text))) {
            if (word.length() > 1 && !FILLER.contains(word) && !word.matches("\\d+")) {
                stems.add(stem(word));
            }
        }
        return stems;
    }

    /** The kinds of act the first few words ask for; empty when none is known. */
    static Set<Act> acts(String text) {
        Set<Act> acts = new LinkedHashSet<>();
        int seen = 0;
        for (String word : SPLIT.split(prepare(text))) {
            if (word.isEmpty() || LEADING.contains(word)) {
                continue;
            }
            if (++seen > 2) {
                break;
            }
            String stem = stem(word);
            ACTS.forEach((act, verbs) -> {
                if (verbs.contains(word) || verbs.contains(stem)) {
                    acts.add(act);
                }
            });
            if (!acts.isEmpty()) {
                break;
            }
        }
        return acts;
    }

    static boolean isVerb(String stem) {
        return ACTS.values().stream().anyMatch(verbs -> verbs.contains(stem));
    }

    /** "Tear down" is known to a playbook that removes, in whatever words. */
    static boolean isVerbOf(String stem, Set<Act> acts) {
        return acts.stream().anyMatch(act -> ACTS.get(act).contains(stem));
    }

    private static final Set<String> LEADING =
            Set.of(("please can could would you i we want need to id like let lets us me the a "
                            + "an our my all now then also kindly just help go ahead and should have")
                    .split(" "));

    private static String prepare(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("\\bset(ting)?[ -]up\\b", "setup")
                .replaceAll("\\bback(ing)?[ -]?up\\b", "backup")
                .replaceAll("\\btear(ing)? down\\b", "teardown")
                .replaceAll("\\b(take|taking|bring|bringing) (.{1,40}?) ?down\\b", "teardown $2")
                .replaceAll("\\bget(ting)? rid of\\b", "remove")
                .replaceAll("\\bshut(ting)? down\\b", "shutdown")
                .replaceAll("\\bclean(ing)?[ -]?up\\b", "cleanup")
                .replaceAll("\\broll(ing)? back\\b", "rollback")
                .replaceAll("'s\\b", "")
                .replace("'", "");
    }

    /** Crude on purpose: the same crude way for requests and playbooks. */
    static String stem(String word) {
        String w = word;
        if (w.endsWith("ies") && w.length() > 4) {
            return w.substring(0, w.length() - 3) + "y";
        }
        if (w.endsWith("ation") && w.length() > 6) {
            return w.substring(0, w.length() - 3);
        }
        if (w.endsWith("ing") && w.length() > 5) {
            w = w.substring(0, w.length() - 3);
        } else if (w.endsWith("ed") && w.length() > 4) {
            w = w.substring(0, w.length() - 2);
        } else if (w.endsWith("es") && w.length() > 4 && !w.endsWith("ses")) {
            w = w.substring(0, w.length() - 1);
        }
        if (w.endsWith("s") && !w.endsWith("ss") && !w.endsWith("us") && w.length() > 3) {
            w = w.substring(0, w.length() - 1);
        }
        if (w.length() > 4
                && w.charAt(w.length() - 1) == w.charAt(w.length() - 2)
                && "bdgmnprt".indexOf(w.charAt(w.length() - 1)) >= 0) {
            w = w.substring(0, w.length() - 1);
        }
        return w.endsWith("e") && w.length() > 3 ? w.substring(0, w.length() - 1) : w;
    }

    private static Map.Entry<Act, Set<String>> act(Act act, String verbs) {
        Set<String> all = new LinkedHashSet<>();
        for (String verb : verbs.split(" ")) {
            all.add(verb);
            all.add(stem(verb));
        }
        return Map.entry(act, all);
    }
}
