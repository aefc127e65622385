/** What the API says, as this app reads it: a narrow copy of each service's JSON, additive fields ignored. */

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

export interface User {
  name: string;
  team: string;
  roles: Role[];
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
}

export interface FleetService {
  name: string;
  status: 'ready' | 'not_ready' | 'unreachable' | (string & {});
  reason?: string | null;
  since?: string | null;
}

export interface Gpu {
  name: string;
  source?: string;
  vramTotalBytes?: number | null;
  vramFreeBytes?: number | null;
}

export interface FleetNode {
  name: string;
  team?: string;
  status: 'online' | 'offline' | (string & {});
  cordoned?: boolean;
  labels?: Record<string, string>;
  agentVersion?: string | null;
  lastHeartbeatAt?: string | null;
  registeredAt?: string | null;
  resources?: {
    os?: string;
    arch?: string;
    cpuCores: number;
    cpuUsedFraction: number;
    loadAverages?: number[];
    memoryTotalBytes: number;
    memoryAvailableBytes: number;
    disks?: { mount: string; totalBytes: number; freeBytes: number }[];
    gpus?: Gpu[];
  } | null;
}

export interface LiveAgent {
  agentId: string;
  agentType: string;
  node?: string | null;
  version?: string | null;
  capabilities?: string[];
  slots?: number;
  busy?: number;
  online: boolean;
  lastHeartbeatAt?: string | null;
  tasks?: number;
  successRate?: number | null;
}

export interface AgentDefinition {
  id: string;
  name?: string;
  nickname?: string | null;
  version?: string;
  description?: string | null;
  type?: string | null;
  status?: string | null;
  tags?: string[];
  metadata?: Record<string, unknown>;
  triggers?: unknown[];
}

export interface PlaybookVariable {
  name: string;
  default?: unknown;
  required?: boolean;
  description?: string | null;
  type?: string | null;
  secret?: boolean;
}

export interface Playbook {
  id: string;
  path: string;
  name?: string | null;
  description?: string | null;
  hosts?: string | null;
  tags?: string[];
  service?: string | null;
  risk?: Risk | null;
  undo?: string | null;
  check?: boolean;
  estimatedSeconds?: number | null;
  resources?: Resources | null;
  variables?: PlaybookVariable[];
  /** Phrases people ask for it with. */
  examples?: string[];
  contentSha256?: string | null;
  broken?: string | null;
  updatedAt?: string | null;
}

export interface Lock {
  id: string;
  resourceIds: string[];
  resourceId?: string;
  ownerId: string;
  ownerType?: string | null;
  team?: string;
  priority?: string;
  grantedAt: string;
  expiresAt: string;
  fencingTokens?: Record<string, number>;
  status?: string;
  metadata?: Record<string, unknown> | null;
}

export interface FleetEvent {
  id: string;
  type: string;
  source?: string | null;
  priority?: string;
  time?: string;
  receivedAt?: string;
  actor?: string | null;
  subject?: string | null;
  planId?: string | null;
  routing?: 'pending' | 'routed' | 'unhandled' | (string & {});
  routedTo?: string[];
  handled?: boolean;
  data?: unknown;
}

export interface EventStats {
  total?: number;
  routed?: number;
  unhandled?: number;
  byType?: Record<string, number> | { type: string; count: number }[];
  byPriority?: Record<string, number> | { priority: string; count: number }[];
}

export interface AuditEntry {
  id: string;
  seq: number;
  partition?: string;
  at: string;
  recordedAt?: string;
  source?: string;
  type: string;
  actor?: string | null;
  status?: string | null;
  planId?: string | null;
  taskId?: string | null;
  subject?: string | null;
  resources?: string[];
  traceId?: string | null;
  hash?: string;
  previousHash?: string | null;
  data?: unknown;
}

export interface AuditVerdict {
  valid: boolean;
  /** How many were found good. */
  entries?: number;
  /** How many git commits were compared with the chain. */
  commits?: number;
  chainHead?: string | null;
  firstBad?: { seq: number; id?: string | null; problem: string; detail: string } | null;
  reason?: string | null;
}

export interface AuditTask {
  taskId: string;
  state?: 'pending' | 'committed';
  path?: string | null;
  commit?: string | null;
  chainHead?: string | null;
}
