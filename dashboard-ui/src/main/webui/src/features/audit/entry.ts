import type { AuditEntry } from '@/api/types';
import type { Tone } from '@/ui/Mark';

/** What the entry is about: the resource it touched says more than the id of its plan. */
export const entryOn = (entry: AuditEntry): string =>
  entry.resources?.[0] ?? entry.subject ?? entry.planId ?? '';

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
