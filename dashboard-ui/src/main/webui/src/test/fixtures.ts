import type { Plan, Step, User } from '@/api/types';

export const ada: User = {
  name: 'ada',
  team: 'home',
  roles: ['viewer', 'operator', 'approver', 'admin'],
  hasPassword: true,
};
export const vic: User = { name: 'vic', team: 'home', roles: ['viewer'], hasPassword: true };

export function aStep(number: number, more: Partial<Step> = {}): Step {
  return {
    id: `step-${number}`,
    number,
    name: number === 1 ? 'Deploy Uptime Kuma' : 'Add portals as monitors',
    playbook: number === 1 ? 'uptime-kuma/deploy.yml' : 'uptime-kuma/monitors.yml',
    dependsOn: number === 1 ? [] : [number - 1],
    variables: [
      { name: 'kuma_port', value: 3001, source: 'playbook_default' },
      { name: 'target_host', value: 'nas01', source: 'request', quote: 'the homelab' },
    ],
    hosts: ['nas01'],
    risk: 'low',
    agent: 'infra-agent-1',
    matchConfidence: 0.94,
    score: { total: 87, pastSuccess: 38, recentContext: 20, specialisation: 20, load: 9 },
    estimatedSeconds: 70,
    status: 'pending',
    ...more,
  };
}

export function aPlan(more: Partial<Plan> = {}): Plan {
  return {
    id: 'p1',
    sessionId: 's1',
    text: 'Deploy Uptime Kuma to the homelab and add our existing portals',
    version: 1,
    status: 'awaiting_approval',
    requestedBy: 'ada',
    planner: { name: 'embedded' },
    planHash: '9f2c000000000000000000000000000000000000000000000000000000041aa',
    createdAt: '2026-01-01T10:00:00Z',
    estimatedSeconds: 100,
    hosts: ['nas01'],
    questions: [],
    steps: [aStep(1), aStep(2)],
    ...more,
  };
}
