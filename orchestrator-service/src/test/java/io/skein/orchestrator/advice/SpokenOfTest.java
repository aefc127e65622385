package io.skein.orchestrator.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.SampleStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenOfTest {

    private static final PlannedStep ROTATE = SampleStep.of("logs/rotate.yml")
            .number(2)
            .name("Rotate the logs")
            .service("syslog")
            .build();

    @ParameterizedTest
    @CsvSource({
        "I do not need that log rotation, true",
        "leave the LOGS alone, true",
        "not number 2 please, true",
        "no syslog today, true",
        "make it nicer, false",
        "without the playbook and the service, false",
        "port 3002, false",
        "version 2.0, false",
        "22 is enough, false",
    })
    void aStepIsSpokenOfByItsNumberOrAWordOfItsName(String words, boolean expected) {
        assertEquals(expected, SpokenOf.in(words, ROTATE));
    }
}
