/** What the services other than the orchestrator say: fleet, playbooks, locks, events and evidence. */
import type { Risk, Resources } from './types';

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
