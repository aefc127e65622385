import type { AuditEntry } from '@/api/types';
import type { Tone } from '@/ui/Mark';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the entry is about: a host or a playbook says more to a person than an id does. */
export const entryOn = (entry: AuditEntry): string =>
  entry.resources?.find((each) => !UUID.test(each)) ?? entry.subject ?? entry.planId ?? '';

/** "service:lock-service" and "agent:infra-agent-1" without the kind, which the name says already. */
export const actorName = (actor: string | null | undefined): string =>
  (actor ?? '').replace(/^(service|agent|user):/, '');

/** By the last word of the event's type, which is the entry's status. */
export function statusTone(status: string | null | undefined): Tone {
  switch (status) {
    case 'completed':
    case 'approved':
      return 'ok';
    case 'failed':
    case 'interrupted':
    case 'refused':
    case 'offline':
      return 'bad';
    case 'expired':
    case 'overridden':
      return 'warn';
    case 'started':
    case 'dispatched':
      return 'run';
    default:
      return 'idle';
  }
}
