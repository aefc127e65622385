-- A holder that lost its lock may have a playbook under way when work comes from the next holder, with a newer token for the same host.
-- Refusing older tokens does not help then: the older work was taken while it was the newest. The newer work waits for its end, so two
-- never work on one host at the same time.
CREATE FUNCTION must_wait(candidate run) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM run other
      CROSS JOIN LATERAL jsonb_each_text(other.request -> 'fencing_tokens') AS theirs (resource, token)
      JOIN LATERAL jsonb_each_text(candidate.request -> 'fencing_tokens') AS ours (resource, token) USING (resource)
    WHERE other.state = 'running' AND other.request_id <> candidate.request_id
      AND CAST(theirs.token AS bigint) < CAST(ours.token AS bigint))
$$;
