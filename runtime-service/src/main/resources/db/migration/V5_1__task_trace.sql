-- What led to an event is looked for by its trace.
CREATE INDEX task_trace ON task (trace_id);
