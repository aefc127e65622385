import type { PlanStatus, Risk, StepStatus } from '@/api/types';
import type { Tone } from '@/ui/Mark';

export const planTone: Record<PlanStatus, Tone> = {
  needs_input: 'wait',
  awaiting_approval: 'wait',
  approved: 'run',
  running: 'run',
  paused: 'warn',
  completed: 'ok',
  failed: 'bad',
  interrupted: 'bad',
  cancelled: 'idle',
  rejected: 'idle',
  superseded: 'idle',
};

export const stepTone: Record<StepStatus, Tone> = {
  pending: 'idle',
  dispatched: 'run',
  running: 'run',
  paused: 'warn',
  completed: 'ok',
  failed: 'bad',
  interrupted: 'bad',
  cancelled: 'idle',
  skipped: 'idle',
  refused: 'bad',
};

export const riskTone: Record<Risk, Tone> = { low: 'ok', medium: 'warn', high: 'bad' };

export const stepOver = (status: StepStatus): boolean =>
  !['pending', 'dispatched', 'running', 'paused'].includes(status);
