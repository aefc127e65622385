import { expect, it } from 'vitest';
import type { StreamEvent } from '@/api/types';
import { merge, filterLines, hostsOf, noFilter, readDiff } from './runLog';

const task = (seq: number, host: string, outcome: string, message = ''): StreamEvent => ({
  seq,
  at: '2026-01-01T00:00:00Z',
  kind: 'task',
  planId: 'p1',
  stepNumber: 1,
  task: { task: `task ${seq}`, host, outcome, message },
});

it('keeps the order of seq and ignores what it has already, so a replay changes nothing', () => {
  const events = [task(1, 'a', 'ok'), task(2, 'b', 'changed')];
  const once = merge([], events);
  expect(merge(once, events)).toBe(once);
  expect(merge(once, [task(2, 'b', 'changed'), task(3, 'a', 'ok')]).map((line) => line.seq)).toEqual([
    1, 2, 3,
  ]);
});

it('fills the gaps that polling left when the stream is back', () => {
  const polled = merge([], [task(2, 'a', 'ok'), task(5, 'a', 'ok')]);
  expect(
    merge(
      polled,
      [1, 2, 3, 4, 5].map((seq) => task(seq, 'a', 'ok')),
    ).map((line) => line.seq),
  ).toEqual([1, 2, 3, 4, 5]);
});

it('filters by step, outcome, host and any word', () => {
  const lines = merge([], [task(1, 'a', 'ok'), task(2, 'b', 'failed', 'No space left')]);
  expect(filterLines(lines, noFilter)).toBe(lines);
  expect(filterLines(lines, { ...noFilter, outcome: 'failed' }).map((line) => line.seq)).toEqual([2]);
  expect(filterLines(lines, { ...noFilter, host: 'a' }).map((line) => line.seq)).toEqual([1]);
  expect(filterLines(lines, { ...noFilter, text: 'no SPACE' }).map((line) => line.seq)).toEqual([2]);
  expect(filterLines(lines, { ...noFilter, step: 2 })).toEqual([]);
  expect(hostsOf(lines)).toEqual(['a', 'b']);
});

it('reads durations in either spelling', () => {
  const snake = {
    ...task(1, 'a', 'ok'),
    task: { task: 't', host: 'a', outcome: 'ok', duration_millis: 120 },
  };
  expect(merge([], [snake])[0]?.task?.durationMillis).toBe(120);
});

it('shows what changed between before and after, line by line', () => {
  const parts = readDiff([{ before: 'a\nb\nc\n', after: 'a\nx\nc\nd\n', after_header: '/etc/f' }]);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.header).toBe('/etc/f');
  expect(parts[0]?.lines.map((line) => line.text)).toEqual(['  a', '- b', '+ x', '  c', '+ d']);
});

it('shows no diff box for no difference or an unknown shape', () => {
  expect(readDiff([{ before: 'a', after: 'a' }])).toEqual([]);
  expect(readDiff(undefined)).toEqual([]);
  expect(readDiff(7)).toEqual([]);
  expect(readDiff([{ prepared: '+ new\n- old\n' }])[0]?.lines.map((line) => line.kind)).toEqual([
    'add',
    'del',
  ]);
});
