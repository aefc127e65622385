-- Who worked on an event, and when, is asked of its tasks.
CREATE INDEX task_of_event ON task (event_id) WHERE event_id IS NOT NULL;
