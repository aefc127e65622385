import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { signInOptions } from './session';
import type { PlanStatus } from './types';

export const terminalStatuses: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'interrupted',
  'cancelled',
  'rejected',
  'superseded',
]);
export const waitingStatuses: ReadonlySet<string> = new Set(['needs_input', 'awaiting_approval']);
export const activeStatuses: ReadonlySet<string> = new Set(['approved', 'running', 'paused']);

export const isTerminal = (status: PlanStatus | string | undefined) =>
  status !== undefined && terminalStatuses.has(status);

export const queries = {
  /** The newest plans: Home, the count in the navigation and the palette share this one answer. */
  recentPlans: () =>
    queryOptions({
      queryKey: ['plans', 'recent'],
      queryFn: ({ signal }) => api.plans({ size: 100, signal }),
      refetchInterval: 4_000,
    }),
  plan: (id: string, version?: number) =>
    queryOptions({
      queryKey: ['plan', id, version ?? 'newest'],
      queryFn: ({ signal }) => api.plan(id, version, signal),
    }),
  preview: (id: string, version: number) =>
    queryOptions({
      queryKey: ['plan', id, 'preview', version],
      queryFn: ({ signal }) => api.preview(id, version, signal),
      // Agents answer within seconds; whoever reads the plan meanwhile sees it arrive.
      refetchInterval: ({ state }) =>
        state.data?.steps.some((step) => step.status === 'asked' && !step.reason) ? 2_000 : false,
    }),
  versions: (id: string) =>
    queryOptions({
      queryKey: ['plan', id, 'versions'],
      queryFn: ({ signal }) => api.versions(id, signal),
    }),
  session: (id: string) =>
    queryOptions({ queryKey: ['session', id], queryFn: ({ signal }) => api.session(id, signal) }),
  messages: (id: string) =>
    queryOptions({
      queryKey: ['session', id, 'messages'],
      queryFn: ({ signal }) => api.messages(id, signal),
      refetchInterval: 5_000,
    }),
  fleet: () =>
    queryOptions({
      queryKey: ['fleet'],
      queryFn: ({ signal }) => api.fleet(signal),
      refetchInterval: 10_000,
    }),
  nodes: () =>
    queryOptions({
      queryKey: ['nodes'],
      queryFn: ({ signal }) => api.nodes(signal),
      refetchInterval: 10_000,
    }),
  liveAgents: () =>
    queryOptions({
      queryKey: ['agents', 'live'],
      queryFn: ({ signal }) => api.liveAgents(signal),
      refetchInterval: 5_000,
    }),
  agentDefinitions: () =>
    queryOptions({
      queryKey: ['agents', 'definitions'],
      queryFn: ({ signal }) => api.agentDefinitions(signal),
    }),
  people: (team?: string) =>
    queryOptions({
      queryKey: ['people', team ?? 'own'],
      queryFn: ({ signal }) => api.people({ team, size: 200, signal }),
    }),
  tokens: (all: boolean) =>
    queryOptions({
      queryKey: ['tokens', all ? 'team' : 'mine'],
      queryFn: ({ signal }) => api.tokens({ all: all ? 'true' : undefined, size: 200, signal }),
    }),
  teams: () => queryOptions({ queryKey: ['teams'], queryFn: ({ signal }) => api.teams(signal) }),
  signInOptions: () =>
    queryOptions({ queryKey: ['sign-in options'], queryFn: signInOptions, staleTime: 60_000 }),
  locks: () =>
    queryOptions({
      queryKey: ['locks'],
      queryFn: ({ signal }) => api.locks(signal),
      refetchInterval: 3_000,
    }),
  eventStats: () =>
    queryOptions({
      queryKey: ['events', 'stats'],
      queryFn: ({ signal }) => api.eventStats(signal),
      refetchInterval: 10_000,
    }),
};
