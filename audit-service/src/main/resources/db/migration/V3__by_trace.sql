-- Everything one cause led to, in order.
CREATE INDEX entry_trace ON entry (trace_id, seq) WHERE trace_id IS NOT NULL;
