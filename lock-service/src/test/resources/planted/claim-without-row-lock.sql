-- Planted: the rows of the resources are read without being locked, so two claims at once both find them free.
DO $$
DECLARE
  source text := pg_get_functiondef('claim'::regproc);
  planted text := replace(source, 'ORDER BY s.name FOR UPDATE LOOP', 'ORDER BY s.name LOOP PERFORM pg_sleep(0.005);');
BEGIN
  ASSERT planted <> source, 'claim is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
