/** Every error: what happened, what it means for you, what to do now. Keyed by the stable code of docs/errors.md. */
export interface Explained {
  what: string;
  means?: string;
  todo?: string;
}

type Explain = Explained | ((detail: string | undefined, extra: Record<string, unknown>) => Explained);

export const problems: Record<string, Explain> & { generic: Explained } = {
  client: (detail) => ({
    what: 'This page hit a fault',
    means: `The fault is in the page, not in what runs.${detail ? ` It says: ${detail}` : ''}`,
    todo: 'Try again, or reload the page. Everything can also be done with ./skein.',
  }),
  network: {
    what: 'Skein does not answer',
    means: 'Nothing you did is lost; what runs goes on running without this page.',
    todo: 'Check that the fleet is up (./skein status), then try again.',
  },
  validation_failed: (detail) => ({
    what: 'The request is not valid',
    means: detail ?? 'A field is missing, too long or of the wrong kind.',
    todo: 'Correct it and send it again.',
  }),
  passwords_off: (detail) => ({
    what: 'No passwords here',
    means: detail ?? 'People sign in with the provider.',
    todo: 'Sign in with the provider; the sign-in page leads there.',
  }),
  payload_too_large: (detail) => ({
    what: 'That is too long',
    means: detail ?? 'A request takes up to 8000 characters.',
    todo: 'Shorten it, or split it into several requests.',
  }),
  unauthenticated: {
    what: 'You are signed out',
    means: 'Your sign-in ran out or was ended elsewhere.',
    todo: 'Sign in again; you come back to this page.',
  },
  bad_credentials: {
    what: 'User name or password is wrong',
    means: 'Nobody was signed in.',
    todo: 'Check both and try again. ./skein up prints the first sign-in of a new fleet.',
  },
  too_many_attempts: {
    what: 'Too many attempts',
    means: 'This account or address is locked out for a short while.',
    todo: 'Wait a minute, then try again.',
  },
  rate_limited: (detail) => ({
    what: 'Too many requests',
    means: detail ?? 'You have used up what one person may send in this time.',
    todo: 'Wait that long, then do it again. Nothing was started.',
  }),
  forbidden: (detail) => ({
    what: 'Your role does not allow this',
    means: detail ?? 'Viewers read, operators ask, approvers approve, administrators manage people.',
    todo: 'Ask somebody with that role to do it, or an administrator to give it to you.',
  }),
  registration_closed: {
    what: 'Accounts are made by an administrator',
    means: 'Nobody can make an account of their own here.',
    todo: 'Ask an administrator of your team for one.',
  },
  last_admin: (detail) => ({
    what: 'A team needs an administrator',
    means: detail ?? 'Without one, nobody could keep its people any more.',
    todo: 'Make somebody else of the team an administrator first.',
  }),
  team_not_empty: (detail) => ({
    what: 'The team still has people',
    means: detail ?? 'They would belong nowhere.',
    todo: 'Delete its people first.',
  }),
  team_limit: (detail) => ({
    what: 'Your team has as many as it may have',
    means: detail ?? 'Each team has a limit for these.',
    todo: 'Delete one nobody needs any more, or ask the operator for a higher limit.',
  }),
  not_found: (detail) => ({
    what: 'There is no such thing here',
    means: detail ?? 'It was removed, or it belongs to somebody else.',
    todo: 'Check the address, or find it in Requests or Audit.',
  }),
  illegal_transition: (detail) => ({
    what: 'Not possible in this state',
    means: detail ?? 'Somebody, or the run itself, was quicker than you.',
    todo: 'Look at the state shown now and decide again.',
  }),
  duplicate_request: (detail) => ({
    what: 'The same request is already under way',
    means: detail ?? 'Making it twice would run it twice.',
    todo: 'Open the plan that exists, or ask again on purpose.',
  }),
  plan_needs_input: (detail) => ({
    what: 'The plan has open questions',
    means: detail ?? 'It cannot be approved before they are answered.',
    todo: 'Answer the questions above the steps.',
  }),
  plan_changed: (detail) => ({
    what: 'The plan is not the one you saw',
    means: detail ?? 'A file, a variable or a host changed. Nothing was run.',
    todo: 'Read the plan as it is now and approve that one.',
  }),
  second_person_needed: (detail) => ({
    what: 'Another person has to approve',
    means: detail ?? 'The policy wants two different people for this plan.',
    todo: 'Ask somebody else who may approve, and who did not ask for the plan.',
  }),
  nothing_to_undo: (detail) => ({
    what: 'Nothing can be rolled back',
    means: detail ?? 'No completed step has a playbook that undoes it.',
    todo: 'Name counterparts with skein:undo in the playbooks, or ask for what should be different.',
  }),
  idempotency_mismatch: {
    what: 'This was sent before with another text',
    means: 'It was refused so that nothing runs twice.',
    todo: 'Send it again.',
  },
  inventory_not_found: (detail) => ({
    what: 'There is no such inventory',
    means: detail ?? 'The inventory is not in the playbook repository.',
    todo: 'Name one that exists, or add it to the repository and rescan.',
  }),
  playbook_broken: (detail) => ({
    what: 'The playbook is broken',
    means: detail ?? 'It cannot be parsed, so it is never run.',
    todo: 'Correct the file; Playbooks shows the line. It is read again by itself.',
  }),
  lock_held: (detail) => ({
    what: 'Somebody else holds the lock',
    means: detail ?? 'Another plan works on the same host.',
    todo: 'See Locks for who holds it and until when.',
  }),
  upstream_failed: (detail) => ({
    what: 'A service behind the front door failed',
    means: detail ?? 'This part of the fleet does not answer properly.',
    todo: 'Try again in a moment; ./skein status names the service.',
  }),
  upstream_timeout: (detail) => ({
    what: 'A service behind the front door did not answer in time',
    means: detail ?? 'It may be starting or busy.',
    todo: 'Try again in a moment; ./skein status names the service.',
  }),
  unavailable: (detail) => ({
    what: 'Not available right now',
    means: detail ?? 'The service is starting, stopping or has lost its database.',
    todo: 'Try again in a moment; ./skein status names the service.',
  }),
  internal: (detail) => ({
    what: 'Something broke on our side',
    means: detail ?? 'What was stored before stays stored.',
    todo: 'Try again. If it stays, the trace id finds the reason in the log.',
  }),
  generic: {
    what: 'That did not work',
    todo: 'Try again.',
  },
};
