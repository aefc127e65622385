import type { AuditEntry } from '@/api/types';
import type { Tone } from '@/ui/Mark';

export const entrySeq = (entry: AuditEntry) => entry.seq ?? entry.sequence;
export const entryId = (entry: AuditEntry) => entry.id ?? String(entrySeq(entry) ?? '');
export const entryAt = (entry: AuditEntry) => entry.at ?? entry.occurredAt ?? entry.time;
export const entryStatus = (entry: AuditEntry) => entry.status ?? entry.outcome ?? undefined;
export const entryOn = (entry: AuditEntry) =>
  entry.resource ?? entry.subject ?? entry.taskId ?? entry.planId ?? '';

export function statusTone(status: string | undefined): Tone {
  switch (status) {
    case 'completed':
    case 'approved':
    case 'ok':
    case 'success':
      return 'ok';
    case 'failed':
    case 'interrupted':
    case 'refused':
    case 'denied':
      return 'bad';
    case 'needs_input':
    case 'awaiting_approval':
      return 'wait';
    case 'running':
    case 'dispatched':
    case 'started':
      return 'run';
    default:
      return 'idle';
  }
}
