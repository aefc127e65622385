package io.skein.infra.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fits the coefficients of {@link Calibration} on the {@code fit} lines by gradient descent on the logistic loss (L2), and
 * prints them with precision and recall of both halves. Run its {@code main} after changing features or data; paste the
 * result.
 */
final class MatchFitting {

    private static final int ROUNDS = 8_000;
    private static final double STEP = 0.4;
    private static final double L2 = 2e-4;
    /** A false match costs more than a question. */
    private static final double FALSE_MATCH_COST = 1.3;

    private MatchFitting() {}

    record Score(int right, int wrong, int missed, int total, List<String> notes) {
        double precision() {
            return right + wrong == 0 ? 1 : (double) right / (right + wrong);
        }

        double recall() {
            return (double) right / Math.max(1, right + missed);
        }
    }

    public static void main(String[] args) {
        Embedder embedder = new Embedder();
        Map<String, Matcher> matchers = MatchData.matchers(embedder, Calibration::confidence);
        List<double[]> rows = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        for (MatchData.Request request : MatchData.requests("fit")) {
            Matcher matcher = matchers.get(request.catalogue());
            double[][] features = matcher.features()
                    .of(
                            matcher.targets().strip(request.text()),
                            matcher.targets().strip(request.context()));
            for (int i = 0; i < features.length; i++) {
                rows.add(features[i]);
                labels.add(
                        matcher.features().profiles().get(i).playbook().path().equals(request.expected()));
            }
        }
        double[] fitted = fit(rows, labels);
        double[] coefficients = Arrays.copyOf(fitted, fitted.length - 1);
        double intercept = fitted[fitted.length - 1];
        System.out.println(Features.NAMES);
        System.out.println(
                "COEFFICIENTS " + format(coefficients) + " INTERCEPT " + String.format(Locale.ROOT, "%.2f", intercept));
        Map<String, Matcher> judged =
                MatchData.matchers(embedder, f -> Calibration.confidence(f, coefficients, intercept));
        for (String split : List.of("fit", "held")) {
            Score score = score(judged, split, 0.85);
            System.out.printf(
                    Locale.ROOT,
                    "%s: precision %.3f recall %.3f (%d right, %d wrong, %d missed of %d)%n",
                    split,
                    score.precision(),
                    score.recall(),
                    score.right(),
                    score.wrong(),
                    score.missed(),
                    score.total());
            score.notes().forEach(System.out::println);
        }
    }

    static Score score(Map<String, Matcher> matchers, String split, double threshold) {
        int right = 0;
        int wrong = 0;
        int missed = 0;
        int total = 0;
        List<String> notes = new ArrayList<>();
        for (MatchData.Request request : MatchData.requests(split)) {
            Matcher.Match match =
                    matchers.get(request.catalogue()).match(request.text(), request.context(), threshold, 2);
            total++;
            String got = match.matched() == null ? "-" : match.matched().path();
            String detail = String.format(
                    Locale.ROOT,
                    "  %s | %s -> %s %.2f (best %s)",
                    request.text(),
                    request.expected(),
                    got,
                    match.confidence(),
                    match.candidates().getFirst().playbook().path());
            if (got.equals("-")) {
                missed += request.none() ? 0 : 1;
                if (!request.none()) {
                    notes.add("MISSED" + detail);
                }
            } else if (got.equals(request.expected())) {
                right++;
            } else {
                wrong++;
                notes.add("WRONG " + detail);
            }
        }
        return new Score(right, wrong, missed, total, notes);
    }

    private static double[] fit(List<double[]> rows, List<Boolean> labels) {
        int n = rows.getFirst().length;
        double[] w = new double[n + 1];
        double total = 0;
        double[] cost = new double[rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            // easy negatives are many and say little; the positives weigh as much as all of them
            cost[r] = labels.get(r) ? 1.0 : FALSE_MATCH_COST * (rows.get(r)[0] > 0.35 ? 1.0 : 0.1);
            total += cost[r];
        }
        double[] gradient = new double[n + 1];
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(gradient, 0);
            for (int r = 0; r < rows.size(); r++) {
                double[] x = rows.get(r);
                double error =
                        cost[r] * (Calibration.confidence(x, Arrays.copyOf(w, n), w[n]) - (labels.get(r) ? 1 : 0));
                for (int i = 0; i < n; i++) {
                    gradient[i] += error * x[i];
                }
                gradient[n] += error;
            }
            for (int i = 0; i <= n; i++) {
                w[i] -= STEP * 10 * (gradient[i] / total + (i < n ? L2 * w[i] : 0));
            }
        }
        return w;
    }

    private static String format(double[] values) {
        StringBuilder text = new StringBuilder("{");
        for (double value : values) {
            text.append(text.length() == 1 ? "" : ", ").append(String.format(Locale.ROOT, "%.2f", value));
        }
        return text.append("}").toString();
    }
}
