import { afterEach, expect, it } from 'vitest';
import { fakeApi, json, problem } from '@/test/fakeApi';
import { ada } from '@/test/fixtures';
import { api } from './api';
import { asProblem } from './problem';
import { accept, forget, getSession } from './session';

afterEach(forget);

it('renews the token once on a 401 and repeats the call', async () => {
  accept({ accessToken: 'old', expiresIn: 900, user: ada });
  const calls = fakeApi({
    'GET /plans': ({ headers }) =>
      headers.get('Authorization') === 'Bearer new' ? { items: [] } : problem(401, 'unauthenticated'),
    'POST /auth/refresh': () => ({ accessToken: 'new', expiresIn: 900, user: ada }),
  });
  await expect(api.plans()).resolves.toEqual({ items: [], next: undefined });
  expect(calls.map((call) => call.path)).toEqual(['/plans', '/auth/refresh', '/plans']);
});

it('many calls that meet a 401 together refresh once', async () => {
  accept({ accessToken: 'old', expiresIn: 900, user: ada });
  const calls = fakeApi({
    'GET /plans': ({ headers }) =>
      headers.get('Authorization') === 'Bearer new' ? { items: [] } : problem(401, 'unauthenticated'),
    'POST /auth/refresh': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { accessToken: 'new', expiresIn: 900, user: ada };
    },
  });
  await Promise.all([api.plans(), api.plans(), api.plans()]);
  expect(calls.filter((call) => call.path === '/auth/refresh')).toHaveLength(1);
});

it('signs out when the refresh is refused, and not when it gets no answer', async () => {
  accept({ accessToken: 'old', expiresIn: 900, user: ada });
  fakeApi({
    'GET /plans': () => problem(401, 'unauthenticated'),
    'POST /auth/refresh': () => problem(503, 'unavailable'),
  });
  await expect(api.plans()).rejects.toMatchObject({ code: 'unavailable' });
  expect(getSession().status).toBe('signed-in');
  fakeApi({
    'GET /plans': () => problem(401, 'unauthenticated'),
    'POST /auth/refresh': () => problem(401, 'unauthenticated'),
  });
  await expect(api.plans()).rejects.toMatchObject({ status: 401 });
  expect(getSession().status).toBe('signed-out');
});

it('turns a problem document into something to show, and keeps its members', async () => {
  accept({ accessToken: 'token', expiresIn: 900, user: ada });
  fakeApi({
    'POST /requests': () => problem(409, 'duplicate_request', { detail: 'It runs.', planId: 'p9' }),
  });
  const error: unknown = await api.ask('again', 'key').catch((e: unknown) => e);
  expect(asProblem(error)).toMatchObject({ status: 409, code: 'duplicate_request', detail: 'It runs.' });
  expect(asProblem(error).members.planId).toBe('p9');
});

it('sends the idempotency key and reads bare lists as pages', async () => {
  accept({ accessToken: 'token', expiresIn: 900, user: ada });
  const calls = fakeApi({
    'POST /requests': () => json({ id: 'p1' }, 201),
    'GET /fleet': () => [{ name: 'x', status: 'ready' }],
  });
  await api.ask('text', 'key-1', { sessionId: 's1' });
  expect(calls[0]?.headers.get('Idempotency-Key')).toBe('key-1');
  expect(calls[0]?.body).toEqual({ text: 'text', sessionId: 's1' });
  await expect(api.fleet()).resolves.toMatchObject({ items: [{ name: 'x' }] });
});
