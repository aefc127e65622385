-- Planted: the budgets are read without being locked, so calls at the same moment all find the same room in them. They read for so long
-- that they overlap on the slowest machine, too.
DO $$
DECLARE
  source text := pg_get_functiondef('llm_reserve'::regproc);
  planted text := replace(source, 'ORDER BY x.person FOR UPDATE LOOP', 'ORDER BY x.person LOOP PERFORM pg_sleep(0.1);');
BEGIN
  ASSERT planted <> source, 'llm_reserve is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
