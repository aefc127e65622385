package io.skein.local.ansible;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsibleEnvironmentTest {

    @ParameterizedTest
    @CsvSource({
        "ansible-playbook [core 2.19.14], true",
        "ansible-playbook [core 2.16.0], true",
        "ansible-playbook [core 2.14.18], false",
        "ansible-playbook 2.9.27, false",
        "ansible-playbook [core 3.0.0], true"
    })
    void onlyAVersionWhoseEventsWeReadIsUsed(String output, boolean good) {
        assertEquals(good, AnsibleEnvironment.isNewEnough(output + "\n  config file = None"));
    }
}
