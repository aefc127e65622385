package io.skein.orchestrator.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskStatusTest {

    private static final Map<TaskStatus, Set<TaskStatus>> LEGAL = Map.of(
            TaskStatus.PENDING, EnumSet.of(TaskStatus.IN_PROGRESS, TaskStatus.CANCELLED),
            TaskStatus.IN_PROGRESS,
                    EnumSet.of(TaskStatus.PENDING, TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED),
            TaskStatus.FAILED, EnumSet.of(TaskStatus.PENDING),
            TaskStatus.COMPLETED, EnumSet.noneOf(TaskStatus.class),
            TaskStatus.CANCELLED, EnumSet.noneOf(TaskStatus.class));

    @Test
    void movesAsTheDiagramSaysAndNoOtherWay() {
        for (TaskStatus from : TaskStatus.values()) {
            for (TaskStatus to : TaskStatus.values()) {
                assertEquals(LEGAL.get(from).contains(to), from.mayBecome(to), from + " to " + to);
            }
        }
    }

    @Test
    void onlyWhatWasDoneIsSentBack() {
        for (TaskStatus status : TaskStatus.values()) {
            assertEquals(
                    status == TaskStatus.COMPLETED || status == TaskStatus.FAILED, status.maySendBack(), status.wire());
        }
    }
}
