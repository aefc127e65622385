import type { StreamEvent, TaskResult } from '@/api/types';

/** One line of the log: a task's result on a host, or a step or the plan changing state. */
export interface LogLine {
  seq: number;
  at: string;
  stepNumber?: number;
  task?: TaskResult;
  status?: string;
  reason?: string;
}

export interface LogFilter {
  step?: number;
  text: string;
  outcome: string;
  host: string;
}

export const noFilter: LogFilter = { text: '', outcome: '', host: '' };

/** The stream says it in camelCase; a service that passes an agent's words through says it in snake_case. */
function readTask(task: TaskResult & { duration_millis?: number }): TaskResult {
  return { ...task, durationMillis: task.durationMillis ?? task.duration_millis };
}

export function toLine(event: StreamEvent): LogLine | undefined {
  const base = { seq: event.seq, at: event.at, stepNumber: event.stepNumber ?? undefined };
  if (event.task) return { ...base, task: readTask(event.task) };
  // What happened before the approval is the plan's history, not the run's.
  if (event.status === 'needs_input' || event.status === 'awaiting_approval') return undefined;
  if (event.status) return { ...base, status: event.status, reason: event.reason ?? undefined };
  return undefined;
}

/**
 * Adds what is not there yet, in order of seq. The stream comes in order; polling comes step by step and leaves gaps that the
 * stream fills later. A replay changes nothing.
 */
export function merge(lines: readonly LogLine[], events: readonly StreamEvent[]): readonly LogLine[] {
  const known = new Set(lines.map((line) => line.seq));
  const fresh: LogLine[] = [];
  for (const event of events) {
    if (known.has(event.seq)) continue;
    known.add(event.seq);
    const line = toLine(event);
    if (line) fresh.push(line);
  }
  if (fresh.length === 0) return lines;
  return [...lines, ...fresh].sort((a, b) => a.seq - b.seq);
}

export function filterLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const needle = filter.text.trim().toLowerCase();
  if (!needle && !filter.outcome && !filter.host && filter.step === undefined) return lines;
  return lines.filter((line) => {
    if (filter.step !== undefined && line.stepNumber !== filter.step) return false;
    if (filter.outcome && line.task?.outcome !== filter.outcome) return false;
    if (filter.host && line.task?.host !== filter.host) return false;
    if (!needle) return true;
    const { task } = line;
    return [task?.task, task?.host, task?.action, task?.message, task?.play, line.reason, line.status].some(
      (text) => text?.toLowerCase().includes(needle),
    );
  });
}

export function hostsOf(lines: readonly LogLine[]): string[] {
  return [...new Set(lines.flatMap((line) => (line.task ? [line.task.host] : [])))].sort();
}

export interface DiffPart {
  header?: string;
  lines: { kind: 'add' | 'del' | 'same'; text: string }[];
}

/** Ansible's diff: a list of {before, after, before_header, after_header} or {prepared}. Anything else shows nothing. */
export function readDiff(diff: unknown): DiffPart[] {
  const list = Array.isArray(diff) ? diff : diff ? [diff] : [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [prepared(entry)];
    if (typeof entry !== 'object' || entry === null) return [];
    const part = entry as Record<string, unknown>;
    const header = [part.after_header, part.before_header].find(
      (each): each is string => typeof each === 'string',
    );
    if (typeof part.prepared === 'string') return [{ ...prepared(part.prepared), header }];
    const before = asText(part.before);
    const after = asText(part.after);
    if (before === after) return [];
    return [{ header, lines: lineDiff(before, after) }];
  });
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function prepared(text: string): DiffPart {
  return {
    lines: text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => ({
        kind: line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : 'same',
        text: line,
      })),
  };
}

const LCS_LIMIT = 400;

/** A line diff by longest common subsequence; long files fall back to all out, all in. */
function lineDiff(before: string, after: string): DiffPart['lines'] {
  const a = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const b = after === '' ? [] : after.replace(/\n$/, '').split('\n');
  const del = (text: string) => ({ kind: 'del' as const, text: `- ${text}` });
  const add = (text: string) => ({ kind: 'add' as const, text: `+ ${text}` });
  if (a.length > LCS_LIMIT || b.length > LCS_LIMIT) return [...a.map(del), ...b.map(add)];
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const get = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? get(i + 1, j + 1) + 1 : Math.max(get(i + 1, j), get(i, j + 1));
    }
  }
  const out: DiffPart['lines'] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && left === right) {
      out.push({ kind: 'same', text: `  ${left}` });
      i++;
      j++;
    } else if (right !== undefined && (left === undefined || get(i, j + 1) > get(i + 1, j))) {
      out.push(add(right));
      j++;
    } else if (left !== undefined) {
      out.push(del(left));
      i++;
    }
  }
  return out;
}
