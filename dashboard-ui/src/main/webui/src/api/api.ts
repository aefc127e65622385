import { getJson, type CallOptions } from './client';
import type {
  AgentDefinition,
  ApiToken,
  AuditEntry,
  AuditTask,
  AuditVerdict,
  EventStats,
  FleetEvent,
  FleetNode,
  FleetService,
  Inventory,
  LiveAgent,
  Lock,
  ModifyPlan,
  Page,
  Person,
  Plan,
  PlanPreview,
  PlanSummary,
  PlanVersion,
  Playbook,
  Role,
  Session,
  SessionMessage,
  StreamEvent,
  Team,
} from './types';

type Signal = Pick<CallOptions, 'signal'>;
type Listing<T> = T[] | ({ items?: T[]; services?: T[]; next?: string | null } & Record<string, unknown>);

/** Some endpoints answer a bare list, most a page; every screen reads pages. */
function asPage<T>(answer: Listing<T>): Page<T> {
  if (Array.isArray(answer)) return { items: answer };
  return { items: answer.items ?? answer.services ?? [], next: answer.next };
}

async function page<T>(path: string, options: CallOptions = {}): Promise<Page<T>> {
  return asPage(await getJson<Listing<T>>(path, options));
}

const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
  getJson<T>(path, { method: 'POST', body: body ?? {}, headers });

const remove = (path: string) => getJson<undefined>(path, { method: 'DELETE' });

const seg = encodeURIComponent;

export interface AskOptions {
  sessionId?: string;
  priority?: string;
  allowDuplicate?: boolean;
}

export interface NewToken {
  name: string;
  kind: ApiToken['kind'];
  scopes?: Role[];
  subject?: string;
  expiresInDays: number;
}

export interface AuditFilter {
  q?: string;
  type?: string;
  actor?: string;
  status?: string;
  planId?: string;
  from?: string;
  to?: string;
}

/** Every call this app makes, in one place. */
export const api = {
  ask: (text: string, idempotencyKey: string, options: AskOptions = {}) =>
    post<Plan>('/requests', { text, ...options }, { 'Idempotency-Key': idempotencyKey }),
  plans: ({ signal, ...query }: { size?: number; after?: string; status?: string } & Signal = {}) =>
    page<PlanSummary>('/plans', { query, signal }),
  plan: (id: string, version?: number, signal?: AbortSignal) =>
    getJson<Plan>(`/plans/${seg(id)}`, { query: { version }, signal }),
  versions: (id: string, signal?: AbortSignal) => page<PlanVersion>(`/plans/${seg(id)}/versions`, { signal }),
  approve: (id: string, planHash?: string | null) =>
    post<Plan>(`/plans/${seg(id)}/approve`, planHash ? { planHash } : {}),
  reject: (id: string, reason: string) => post<Plan>(`/plans/${seg(id)}/reject`, { reason }),
  modify: (id: string, change: ModifyPlan) => post<Plan>(`/plans/${seg(id)}/modify`, change),
  stepLog: (id: string, step: number, after: number) =>
    page<StreamEvent>(`/plans/${seg(id)}/steps/${step}/log`, { query: { size: 200, after } }),
  cancel: (id: string, reason?: string) => post<Plan>(`/plans/${seg(id)}/cancel`, reason ? { reason } : {}),
  pause: (id: string) => post<Plan>(`/plans/${seg(id)}/pause`),
  resume: (id: string) => post<Plan>(`/plans/${seg(id)}/resume`),
  rollback: (id: string) => post<Plan>(`/plans/${seg(id)}/rollback`),
  preview: (id: string, version?: number, signal?: AbortSignal) =>
    getJson<PlanPreview>(`/plans/${seg(id)}/preview`, { query: { version }, signal }),
  askPreview: (id: string) => post<PlanPreview>(`/plans/${seg(id)}/preview`),

  sessions: (signal?: AbortSignal) => page<Session>('/sessions', { signal }),
  session: (id: string, signal?: AbortSignal) => getJson<Session>(`/sessions/${seg(id)}`, { signal }),
  /** All of them: they come oldest first, and the newest is what somebody waits for. */
  messages: async (id: string, signal?: AbortSignal): Promise<Page<SessionMessage>> => {
    const items: SessionMessage[] = [];
    let after: string | undefined;
    do {
      const part = await page<SessionMessage>(`/sessions/${seg(id)}/messages`, {
        query: { size: 200, after },
        signal,
      });
      items.push(...part.items);
      after = part.next ?? undefined;
    } while (after);
    return { items };
  },
  question: (sessionId: string, text: string, idempotencyKey: string) =>
    post<SessionMessage>(
      `/sessions/${seg(sessionId)}/messages`,
      { text },
      { 'Idempotency-Key': idempotencyKey },
    ),

  fleet: (signal?: AbortSignal) => page<FleetService>('/fleet', { signal }),
  nodes: (signal?: AbortSignal) => page<FleetNode>('/nodes', { signal }),
  cordon: (name: string, cordon: boolean) =>
    post<FleetNode>(`/nodes/${seg(name)}/${cordon ? 'cordon' : 'uncordon'}`),
  liveAgents: (signal?: AbortSignal) => page<LiveAgent>('/agents/live', { signal }),
  agentDefinitions: (signal?: AbortSignal) => page<AgentDefinition>('/agents', { signal }),
  playbooks: ({ signal, ...query }: { q?: string; size?: number; after?: string } & Signal = {}) =>
    page<Playbook>('/playbooks', { query, signal }),
  inventories: (signal?: AbortSignal) => page<Inventory>('/inventories', { signal }),
  rescan: () => post<unknown>('/playbooks/rescan'),
  locks: (signal?: AbortSignal) => page<Lock>('/locks', { signal }),
  events: ({
    signal,
    ...query
  }: { type?: string; priority?: string; planId?: string; size?: number; after?: string } & Signal = {}) =>
    page<FleetEvent>('/events', { query, signal }),
  eventStats: (signal?: AbortSignal) => getJson<EventStats>('/events/stats', { signal }),

  auditEntries: (filter: AuditFilter & { size?: number; after?: string }, signal?: AbortSignal) =>
    page<AuditEntry>('/audit/entries', { query: { ...filter }, signal }),
  auditTask: (id: string, signal?: AbortSignal) => getJson<AuditTask>(`/audit/tasks/${seg(id)}`, { signal }),
  changePassword: (currentPassword: string, newPassword: string) =>
    post<undefined>('/me/password', { currentPassword, newPassword }),
  people: ({ signal, ...query }: { team?: string; size?: number; after?: string } & Signal = {}) =>
    page<Person>('/users', { query, signal }),
  addPerson: (person: { username: string; password: string; roles: Role[]; team?: string }) =>
    post<Person>('/users', person),
  changePerson: (id: string, change: { roles?: Role[]; disabled?: boolean }) =>
    getJson<Person>(`/users/${seg(id)}`, { method: 'PATCH', body: change }),
  resetPassword: (id: string, password: string) =>
    post<undefined>(`/users/${seg(id)}/password`, { password }),
  deletePerson: (id: string) => remove(`/users/${seg(id)}`),
  tokens: ({ signal, ...query }: { all?: 'true'; size?: number } & Signal = {}) =>
    page<ApiToken>('/tokens', { query, signal }),
  createToken: (token: NewToken) => post<ApiToken>('/tokens', token),
  revokeToken: (id: string) => remove(`/tokens/${seg(id)}`),
  teams: (signal?: AbortSignal) => page<Team>('/teams', { query: { size: 200 }, signal }),
  addTeam: (name: string) => post<Team>('/teams', { name }),
  deleteTeam: (name: string) => remove(`/teams/${seg(name)}`),

  verifyChain: () => getJson<AuditVerdict>('/audit/verify'),
};
