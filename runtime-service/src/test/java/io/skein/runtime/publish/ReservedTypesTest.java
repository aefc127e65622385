package io.skein.runtime.publish;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.event.EventTypes;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ReservedTypesTest {

    @Test
    void everyTypeTheFleetPublishesIsReserved() throws IllegalAccessException {
        for (Field field : EventTypes.class.getFields()) {
            String type = (String) field.get(null);
            assertTrue(ReservedTypes.isReserved(type), type + " could be forged");
        }
    }

    @Test
    void aWordIsReservedAsAWhole() {
        assertTrue(ReservedTypes.isReserved("plan"));
        assertTrue(ReservedTypes.isReserved("plan.anything.new"));
        assertFalse(ReservedTypes.isReserved("planet.seen"));
        assertFalse(ReservedTypes.isReserved("my.plan"));
    }
}
