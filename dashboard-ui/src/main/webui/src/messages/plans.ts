import { plural } from './common';

export const plans = {
  crumb: 'Requests',
  askedBy: (who: string) => `asked by ${who}, `,
  you: 'you',
  status: {
    needs_input: 'Needs your answer',
    awaiting_approval: 'Waiting for approval',
    approved: 'Approved, about to start',
    running: 'Running',
    paused: 'Paused',
    completed: 'Completed',
    failed: 'Failed',
    interrupted: 'Interrupted',
    cancelled: 'Cancelled',
    rejected: 'Rejected',
    superseded: 'Replaced by a newer version',
  },
  awaitingYou: 'Waiting for your approval',
  stepStatus: {
    pending: 'not started',
    dispatched: 'handed to the agent',
    running: 'running',
    paused: 'paused',
    completed: 'completed',
    failed: 'failed',
    interrupted: 'interrupted',
    cancelled: 'cancelled',
    skipped: 'skipped',
    refused: 'refused',
  },
  risk: { low: 'low risk', medium: 'medium risk', high: 'high risk' },
  steps: (n: number) => plural(n, 'step'),
  hosts: (hosts: string[]) =>
    hosts.length === 0
      ? 'no host'
      : `${plural(hosts.length, 'host')}: ${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ''}`,
  about: 'about',
  runCost: (usd: string) => `about ${usd} to run`,
  modelCost: (usd: string) => `${usd} for models`,
  modelCalls: (n: number) => `${plural(n, 'call')} of a model so far`,
  took: 'took',
  runsFor: 'for',
  version: (n: number) => `plan v${n}`,
  hostsShort: (hosts: string[]) => (hosts.length > 2 ? plural(hosts.length, 'host') : hosts.join(', ')),
  versionsLabel: 'Version of the plan',
  oldVersion: (shown: number, newest: number) =>
    `You are reading version ${shown}. The plan is at version ${newest}; only that one can be approved.`,
  toNewest: 'Read the newest',
  plannedBy: (name: string) => `by ${name === 'embedded' ? 'the embedded planner' : name}`,
  after: (numbers: number[]) =>
    numbers.length === 0 ? '' : `after ${numbers.length === 1 ? 'step' : 'steps'} ${numbers.join(' and ')}`,
  stepsLabel: 'Steps of the plan',
  noSteps: 'No step yet. Answer the questions and the steps appear here.',
  noPlaybook: 'no playbook chosen yet',
  variables: 'Variables',
  noVariables: 'This playbook takes no variables.',
  missing: 'missing',
  secret: 'hidden',
  source: {
    playbook_default: 'playbook default',
    request: (quote: string | null | undefined) => (quote ? `from “${quote}”` : 'from your words'),
    inventory: (quote: string | null | undefined) => (quote ? `inventory, “${quote}”` : 'from the inventory'),
    modified: (quote: string | null | undefined) => (quote ? `changed, “${quote}”` : 'changed by hand'),
    missing: 'nobody said it yet',
    model: 'from the model',
  },
  why: (agent: string) => `Why ${agent}`,
  whyFigures: (match: string | undefined, total: number | undefined) =>
    [match ? `match ${match}` : '', total === undefined ? '' : `routing ${total} of 100`]
      .filter(Boolean)
      .join(', '),
  noAgent: 'No agent yet',
  noPlaybookYet: 'An agent is chosen once the playbook is.',
  noAgentBody: 'No live agent has the capability and the room for this step. Agents shows who is online.',
  scores: {
    pastSuccess: 'Past success',
    recentContext: 'Recent context',
    specialisation: 'Specialisation',
    load: 'Free capacity',
  },
  where: 'Where it runs',
  facts: {
    hosts: 'Hosts',
    inventory: 'Inventory',
    playbook: 'Playbook',
    content: 'Content',
    resources: 'Needs',
    duration: 'Duration',
    clause: 'From your words',
    agent: 'Agent',
  },
  estimateSource: {
    history: 'from earlier runs',
    playbook: 'as the playbook says',
    default: 'a guess, it never ran here',
  },
  resources: (cores: number | null | undefined, memory: string | undefined, vram: string | undefined) =>
    [cores ? plural(cores, 'core') : '', memory ? `${memory} memory` : '', vram ? `${vram} VRAM` : '']
      .filter(Boolean)
      .join(', ') || 'nothing special',
  notices: 'Good to know',
  questions: {
    title: (n: number) =>
      n === 1
        ? 'One question before this plan can be approved'
        : `${n} questions before this plan can be approved`,
    forClause: (clause: string) => `About “${clause}”`,
    step: (n: number) => `step ${n}`,
    confidence: (percent: number) => `${percent} % sure`,
    dropStep: 'Leave this step out',
    submit: 'Answer and make the next version',
    busy: 'Making the next version',
    fill: (name: string) => `Value for ${name}`,
    place: 'An inventory, a group or a host',
    dropClause: 'Leave these words out',
    whichVariable: 'Which variable is meant',
    whichPlaybook: 'Take this playbook instead',
    noneChosen: 'None of them',
    sayAgain: 'Say it in other words',
    forget: 'Forget that change',
    viewer: 'An operator can answer this.',
  },
  preview: {
    title: 'What it would change',
    again: 'Look again',
    ready: (changes: number, total: number) =>
      changes === 0
        ? `Check mode found nothing to change in ${plural(total, 'task')}.`
        : `${plural(changes, 'task')} of ${total} would change something, as check mode tells.`,
    truncated: 'There is more than is kept.',
    unread: 'What it would change cannot be read right now.',
    none: (status: string, reason?: string | null) =>
      status === 'asked'
        ? (reason ?? 'An agent is looking, in check mode. Nothing is changed.')
        : status === 'failed'
          ? `Check mode did not go through: ${reason ?? 'no reason given'}`
          : (reason ?? 'Nobody has looked yet.'),
    outcome: (outcome: string) =>
      outcome === 'changed'
        ? 'would change'
        : outcome === 'failed'
          ? 'fails in check mode'
          : outcome === 'skipped'
            ? 'cannot be foretold'
            : outcome,
  },
  approval: {
    given: (who: string[]) => `Approved by ${who.join(', ')}; one more person is needed.`,
    undoes: 'This plan undoes',
    undoneBy: 'A plan undoes this one:',
    thatPlan: 'that plan',
  },
  footer: {
    lead: 'You approve exactly this',
    rest: 'If a file, variable or host changes, it asks again.',
    needsInput: 'Answer the questions, then approve.',
    viewer: 'An approver can approve or reject this.',
    hash: 'the plan hash',
  },
  actions: {
    approve: (steps: number, hosts: string[]) =>
      `Approve ${plural(steps, 'step')}${hosts.length === 0 ? '' : hosts.length === 1 ? ` on ${hosts[0]}` : ` on ${hosts.length} hosts`}`,
    approving: 'Approving',
    reject: 'Reject',
    change: 'Change…',
    askAgain: 'Ask again',
  },
  reject: {
    title: 'Reject this plan',
    lead: 'The plan will not run. The reason is kept with it in the audit trail.',
    reason: 'Why',
    placeholder: 'Not tonight, the backup window is open',
    submit: 'Reject the plan',
  },
  change: {
    title: 'Change the plan',
    lead: 'Makes the next version. The one you are looking at stays readable.',
    byHand: 'Edit the steps',
    inWords: 'Say it in words',
    words: 'What should be different',
    wordsPlaceholder: 'use port 3002 for Uptime Kuma, and leave the second step out',
    submit: 'Make the next version',
    drop: 'Leave out',
    keep: 'Keep after all',
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    upShort: 'Up',
    downShort: 'Down',
    dropped: 'left out',
    nothing: 'Nothing is changed yet.',
    allDropped: 'A plan needs at least one step. To stop it, reject it instead.',
  },
  duplicate: { open: 'Open that plan', again: 'Ask again anyway' },
  rejected: (reason: string) => `Rejected: ${reason}`,
  conversation: 'The conversation',
  audit: 'Audit trail',
};
