package io.skein.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusTest {

    @Test
    void onlyWhatFailedOrWasInterruptedCanBeResumed() {
        Set<PlanStatus> resumable = EnumSet.of(PlanStatus.FAILED, PlanStatus.INTERRUPTED);
        for (PlanStatus from : PlanStatus.values()) {
            boolean leaves = Stream.of(PlanStatus.values()).anyMatch(from::mayBecome);
            assertEquals(!from.isTerminal() || resumable.contains(from), leaves, from.name());
        }
        for (PlanStatus ended : resumable) {
            assertFalse(ended.mayBecome(PlanStatus.RUNNING), "never without a new version");
        }
        assertFalse(PlanStatus.INTERRUPTED.mayBecome(PlanStatus.APPROVED), "what was cut is looked at first");
        for (StepStatus from : StepStatus.values()) {
            boolean leaves = Stream.of(StepStatus.values()).anyMatch(from::mayBecome);
            assertEquals(!from.isTerminal(), leaves, from.name());
        }
    }

    @Test
    void nothingRunsWithoutApproval() {
        Set<PlanStatus> beforeRunning = Stream.of(PlanStatus.values())
                .filter(from -> from.mayBecome(PlanStatus.RUNNING))
                .collect(Collectors.toSet());
        Set<PlanStatus> beforeApproved = Stream.of(PlanStatus.values())
                .filter(from -> from.mayBecome(PlanStatus.APPROVED))
                .collect(Collectors.toSet());

        assertEquals(EnumSet.of(PlanStatus.APPROVED, PlanStatus.PAUSED), beforeRunning);
        assertEquals(EnumSet.of(PlanStatus.AWAITING_APPROVAL, PlanStatus.PAUSED, PlanStatus.FAILED), beforeApproved);
        assertFalse(
                PlanStatus.AWAITING_APPROVAL.mayBecome(PlanStatus.PAUSED), "paused must not be a way round approval");
        assertFalse(PlanStatus.NEEDS_INPUT.mayBecome(PlanStatus.APPROVED));
    }

    @Test
    void aStepEndsOnlyOnceItWasGivenAway() {
        assertFalse(StepStatus.PENDING.mayBecome(StepStatus.COMPLETED));
        assertFalse(StepStatus.PENDING.mayBecome(StepStatus.RUNNING));
        assertTrue(StepStatus.DISPATCHED.mayBecome(StepStatus.COMPLETED), "a result may overtake the first status");
        assertFalse(StepStatus.RUNNING.mayBecome(StepStatus.DISPATCHED), "what runs is not given away again");
        assertFalse(StepStatus.INTERRUPTED.mayBecome(StepStatus.DISPATCHED), "what was cut is never rerun");
    }

    @Test
    void wireNamesRoundTrip() {
        for (PlanStatus status : PlanStatus.values()) {
            assertEquals(status, PlanStatus.fromWire(status.wire()));
        }
        for (StepStatus status : StepStatus.values()) {
            assertEquals(status, StepStatus.fromWire(status.wire()));
        }
    }
}
