package io.skein.infra.match;

/**
 * Turns features into a confidence by a logistic function. The coefficients are fitted by {@code MatchFitting} in the test
 * tree on {@code src/test/resources/match/requests.tsv}; {@code MatchCalibrationQuarkusTest} holds them to a precision on requests
 * they were not fitted on. A cosine alone is no confidence: 0.69 can be a near miss.
 */
final class Calibration {

    // In the order of Features.NAMES; printed by MatchFitting.
    private static final double[] COEFFICIENTS = {6.25, 5.21, 2.50, 4.42, -0.40, 2.55, -2.97, -0.61, -1.74};
    private static final double INTERCEPT = -11.09;

    private Calibration() {}

    static double confidence(double[] features) {
        return confidence(features, COEFFICIENTS, INTERCEPT);
    }

    static double confidence(double[] features, double[] coefficients, double intercept) {
        double sum = intercept;
        for (int i = 0; i < features.length; i++) {
            sum += coefficients[i] * features[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }
}
