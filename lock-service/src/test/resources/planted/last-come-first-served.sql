-- Planted: whoever came last, and with the least priority, is served first.
DO $$
DECLARE
  source text := pg_get_functiondef('serve'::regproc);
  planted text := replace(source, 'ORDER BY q.priority, q.seq LIMIT 1', 'ORDER BY q.priority DESC, q.seq DESC LIMIT 1');
BEGIN
  ASSERT planted <> source, 'serve is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
