-- Planted: a grant is told although it never is committed, as if the answer went out first and the process died before the commit.
-- One in twenty is lost this way: its token is given again, to somebody else. For a database that answers first by itself, and loses
-- what it answered when it is killed, there is also: ALTER FUNCTION claim SET synchronous_commit = off.
DO $$
DECLARE
  source text := pg_get_functiondef('grant_lease'::regproc);
  planted text := replace(replace(source,
    E'BEGIN\n', E'BEGIN\n  BEGIN\n'),
    '  RETURN l;', E'    IF random() < 0.05 THEN RAISE EXCEPTION ''planted''; END IF;\n  EXCEPTION WHEN raise_exception THEN NULL; END;\n  RETURN l;');
BEGIN
  ASSERT planted <> source, 'grant_lease is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
