import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '@testing-library/react';
import { eventStream, fakeApi, problem, type Call } from '@/test/fakeApi';
import { ada } from '@/test/fixtures';
import { PlanStream, type StreamState } from './planStream';
import { accept, forget } from './session';
import type { StreamEvent } from './types';

const event = (seq: number) =>
  `id: ${seq}\nevent: task\ndata: ${JSON.stringify({ seq, kind: 'task', planId: 'p1', at: '' })}\n\n`;
let stream: PlanStream | undefined;

function follow(answers: (call: Call, attempt: number) => Response, over: () => boolean) {
  let attempt = 0;
  const calls = fakeApi({ 'GET /plans/p1/stream': (call) => answers(call, ++attempt) });
  const seen: number[] = [];
  const states: StreamState[] = [];
  stream = new PlanStream({
    planId: 'p1',
    onEvents: (events: StreamEvent[]) => seen.push(...events.map((each) => each.seq)),
    onState: (state) => states.push(state),
    isOver: over,
    backoffMs: () => 1,
  });
  stream.start();
  return { calls, seen, states };
}

beforeEach(() => accept({ accessToken: 'token', expiresIn: 900, user: ada }));
afterEach(() => {
  stream?.stop();
  forget();
});

it('asks after a cut for what came after the last event, and shows nothing twice', async () => {
  let cuts = 0;
  const { calls, seen, states } = follow(
    (_call, attempt) => {
      cuts = attempt;
      if (attempt === 1) return eventStream(event(1), event(2));
      // The server replays one too many on purpose.
      return eventStream(event(2), event(3));
    },
    () => cuts > 1,
  );
  await waitFor(() => expect(states.at(-1)).toBe('ended'));
  expect(seen).toEqual([1, 2, 3]);
  expect(calls.map((call) => call.headers.get('Last-Event-ID'))).toEqual([null, '2']);
  expect(calls.every((call) => call.headers.get('Authorization') === 'Bearer token')).toBe(true);
  expect(states).toContain('reconnecting');
});

it('says it is polling after repeated failures and comes back to life by itself', async () => {
  const { states } = follow(
    (_call, attempt) => (attempt < 6 ? problem(503, 'unavailable') : eventStream(event(1))),
    () => true,
  );
  await waitFor(() => expect(states.at(-1)).toBe('ended'));
  expect(states).toContain('polling');
  expect(states).toContain('live');
});

it('goes on reconnecting when the server closes the stream of a plan that is not over', async () => {
  let asked = 0;
  const { calls, states } = follow(
    () => eventStream(event(1)),
    () => ++asked > 3,
  );
  await waitFor(() => expect(states.at(-1)).toBe('ended'));
  expect(calls.length).toBe(4);
});
