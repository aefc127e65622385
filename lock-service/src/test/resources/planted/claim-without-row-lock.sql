-- Planted: the rows of the resources are read without being locked, so two claims at once both find them free. A claim goes on so late
-- after it has read them that others read them meanwhile on a slow machine, too.
DO $$
DECLARE
  source text := pg_get_functiondef('claim'::regproc);
  planted text := replace(source, 'ORDER BY s.name FOR UPDATE LOOP', 'ORDER BY s.name LOOP PERFORM pg_sleep(0.05);');
BEGIN
  ASSERT planted <> source, 'claim is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
