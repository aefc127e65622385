/** What the API says, as this app reads it: a narrow copy of each service's JSON, additive fields ignored. */

export * from './fleetTypes';

export interface Inventory {
  name: string;
  path: string;
  hosts?: { name: string }[];
  groups?: { name: string }[];
  aliases?: string[];
  broken?: string | null;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export type Role = 'viewer' | 'operator' | 'approver' | 'admin';

/** Whoever is signed in. */
export interface User {
  id?: string;
  name: string;
  team: string;
  roles: Role[];
  /** Administers every team. */
  fleet?: boolean;
  /** False where a provider vouches for them. */
  hasPassword: boolean;
}

/** An account, as administrators see it. */
export interface Person {
  id: string;
  name: string;
  team: string;
  roles: Role[];
  hasPassword: boolean;
  disabled: boolean;
  createdAt: string;
}

/** An API token; its text only in the answer that made it. */
export interface ApiToken {
  id: string;
  name: string;
  kind: 'person' | 'node' | 'agent';
  owner: string;
  scopes: Role[];
  subject?: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt?: string;
  expired: boolean;
  token?: string;
}

export interface Team {
  name: string;
  people: number;
  createdBy: string;
  createdAt: string;
}

/** What the sign-in page offers. */
export interface SignInOptions {
  setup?: boolean;
  registration?: 'open' | 'closed';
  /** Whether a password is a way in. */
  passwords?: boolean;
  oidc?: { id: string; name: string; url: string }[];
}

export interface SignInAnswer {
  accessToken: string;
  expiresIn: number;
  user: User;
}

export type PlanStatus =
  | 'needs_input'
  | 'awaiting_approval'
  | 'approved'
  | 'running'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'interrupted'
  | 'cancelled'
  | 'rejected'
  | 'superseded';

export type StepStatus =
  | 'pending'
  | 'dispatched'
  | 'running'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'interrupted'
  | 'cancelled'
  | 'skipped'
  | 'refused';

export type Risk = 'low' | 'medium' | 'high';

export type QuestionCode =
  | 'unknown_intent'
  | 'ambiguous'
  | 'missing_variable'
  | 'unknown_target'
  | 'broken_playbook'
  | 'unclear_change';

export interface Candidate {
  playbook: string;
  name?: string;
  confidence?: number;
}

export interface Question {
  code: QuestionCode | string;
  stepNumber?: number | null;
  clause?: string | null;
  message: string;
  candidates?: Candidate[] | null;
  variable?: string | null;
}

export interface Variable {
  name: string;
  value?: unknown;
  source: 'playbook_default' | 'request' | 'inventory' | 'modified' | 'missing' | string;
  quote?: string | null;
  secret?: boolean;
}

export interface Score {
  total: number;
  pastSuccess: number;
  recentContext: number;
  specialisation: number;
  load: number;
  reason?: string | null;
}

export interface Resources {
  cpuCores?: number | null;
  memoryBytes?: number | null;
  vramBytes?: number | null;
}

export interface HostRecap {
  ok?: number;
  changed?: number;
  failed?: number;
  skipped?: number;
  unreachable?: number;
}

export interface Suggestion {
  category: string;
  severity: string;
  rule?: string | null;
  message: string;
  path?: string | null;
  line?: number | null;
}

export interface Step {
  id: string;
  number: number;
  name: string;
  clause?: string | null;
  playbook?: string | null;
  playbookId?: string | null;
  playbookHash?: string | null;
  dependsOn?: number[];
  variables?: Variable[];
  inventory?: string | null;
  inventoryName?: string | null;
  inventorySource?: string | null;
  hosts?: string[];
  resources?: Resources | null;
  estimatedSeconds?: number | null;
  estimateSource?: string | null;
  risk?: Risk | null;
  agent?: string | null;
  matchConfidence?: number | null;
  score?: Score | null;
  status: StepStatus;
  statusReason?: string | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  exitCode?: number | null;
  recap?: Record<string, HostRecap> | null;
  notices?: (string | { message: string; severity?: string })[] | null;
  suggestions?: Suggestion[] | null;
  preview?: { status: PreviewStatus; reason?: string | null; changes?: number } | null;
  /** It ran in an earlier version and is not run again. */
  carried?: boolean;
}

export type PreviewStatus =
  'none' | 'asked' | 'ready' | 'failed' | 'unavailable' | 'stale' | 'stopped' | string;

export interface PreviewTask {
  task: string;
  host: string;
  action?: string | null;
  outcome?: string | null;
  message?: string | null;
  diff?: unknown;
}

/** What a step would change, or why that is not known. */
export interface StepPreview {
  number: number;
  status: PreviewStatus;
  reason?: string | null;
  changes?: number;
  total?: number | null;
  tasks?: PreviewTask[];
  truncated?: boolean;
}

export interface PlanPreview {
  planId: string;
  version: number;
  steps: StepPreview[];
}

export interface Approval {
  mode: 'always' | 'auto' | 'two-person' | string;
  rule?: string | null;
  reason?: string | null;
  given?: { by: string; at: string }[];
}

export interface Plan {
  id: string;
  requestId?: string;
  sessionId?: string | null;
  text: string;
  version: number;
  status: PlanStatus;
  statusReason?: string | null;
  requestedBy?: string;
  team?: string;
  priority?: string;
  highValue?: boolean;
  planner?: { name: string; reason?: string | null } | null;
  planHash?: string | null;
  createdAt: string;
  updatedAt?: string | null;
  approvedBy?: string | null;
  approvedAt?: string | null;
  rejectedReason?: string | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  estimatedSeconds?: number | null;
  hosts?: string[];
  questions?: Question[];
  steps: Step[];
  auditCommit?: string | null;
  /** Of a plan that waits: how it is to be approved. */
  approval?: Approval | null;
  approvalRule?: string | null;
  /** Why it has to be approved again. */
  lapsed?: { stepNumber?: number | null; reason: string; files?: string[] } | null;
  notes?: string[];
  rollbackOf?: string | null;
  rolledBackBy?: string | null;
  /** US dollars; runUsd where the operator set a price. */
  cost?: { modelsUsd: number; modelCalls: number; runUsd?: number | null } | null;
}

export interface PlanSummary {
  id: string;
  sessionId?: string | null;
  text: string;
  version: number;
  status: PlanStatus;
  statusReason?: string | null;
  requestedBy?: string;
  createdAt: string;
  updatedAt?: string | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  estimatedSeconds?: number | null;
  hosts?: string[];
  /** How many. */
  steps?: number;
  auditCommit?: string | null;
}

export interface PlanVersion {
  version: number;
  planHash?: string | null;
  createdBy?: string | null;
  createdAt: string;
  /** What is different from the version before. */
  summary?: string | null;
  current?: boolean;
}

export interface ModifyStep {
  id?: string;
  number?: number;
  /** The words of an open question that became no step yet. */
  clause?: string;
  variables?: Record<string, unknown>;
  playbook?: string;
  /** An inventory, a group or a host by name. */
  inventory?: string;
  drop?: boolean;
}

export interface ModifyPlan {
  text?: string;
  steps?: ModifyStep[];
  order?: number[];
}

export type TaskOutcome = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'started' | (string & {});

export interface TaskResult {
  play?: string | null;
  task: string;
  action?: string | null;
  host: string;
  outcome: TaskOutcome;
  ignored?: boolean;
  durationMillis?: number | null;
  message?: string | null;
  diff?: unknown;
}

export interface StreamEvent {
  seq: number;
  at: string;
  kind: 'plan' | 'step' | 'task' | (string & {});
  planId: string;
  stepNumber?: number | null;
  status?: string | null;
  reason?: string | null;
  task?: TaskResult | null;
}

export interface Session {
  id: string;
  title?: string | null;
  createdAt: string;
  updatedAt?: string | null;
}

export interface SessionMessage {
  id: string;
  role: 'user' | 'assistant' | (string & {});
  text: string;
  planId?: string | null;
  createdAt: string;
  /** Who answered a question: provider and model, or `embedded`. */
  by?: string | null;
}
