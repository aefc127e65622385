import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { resetForTests } from '@/api/session';
import { eventStream, problem } from '@/test/fakeApi';
import { aPlan, aStep, ada, vic } from '@/test/fixtures';
import { accessibilityFaults, renderApp } from '@/test/renderApp';

afterEach(() => {
  // Unmounted first: an app that is still there would answer the sign-out with a refresh of its own.
  cleanup();
  resetForTests();
});

const stream = (...events: object[]) =>
  eventStream(
    ...events.map(
      (event, index) =>
        `id: ${index + 1}\ndata: ${JSON.stringify({ seq: index + 1, at: '2026-01-01T10:00:00Z', planId: 'p1', ...event })}\n\n`,
    ),
  );

describe('sign-in', () => {
  it('signs in and shows the page that was asked for', async () => {
    const { calls } = renderApp(
      '/requests',
      { 'POST /auth/sign-in': () => ({ accessToken: 'token', expiresIn: 900, user: ada }) },
      null,
    );
    await userEvent.type(await screen.findByLabelText('User name'), 'ada');
    await userEvent.type(screen.getByLabelText('Password'), 'secret');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('heading', { name: 'Requests' })).toBeDefined();
    expect(calls.find((call) => call.path === '/auth/sign-in')?.body).toEqual({
      username: 'ada',
      password: 'secret',
    });
  });

  it('says what is wrong and what to do when the password is wrong', async () => {
    renderApp('/', { 'POST /auth/sign-in': () => problem(401, 'bad_credentials') }, null);
    await userEvent.type(await screen.findByLabelText('User name'), 'ada');
    await userEvent.type(screen.getByLabelText('Password'), 'no');
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect((await screen.findByRole('alert')).textContent).toContain('User name or password is wrong');
  });
});

describe('home', () => {
  it('asks, and opens the plan that comes back', async () => {
    const plan = aPlan();
    const { calls, router } = renderApp('/', {
      'GET /plans': () => ({ items: [{ ...plan, steps: 2 }] }),
      'POST /requests': () => plan,
      'GET /plans/p1': () => plan,
    });
    expect(await screen.findByText('Waiting for you')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.type(screen.getByLabelText('Your request, in plain words'), 'Deploy it');
    await userEvent.click(screen.getByRole('button', { name: /Make a plan/ }));
    await screen.findByRole('button', { name: /Approve 2 steps on nas01/ });
    expect(router.state.location.pathname).toBe('/plans/p1');
    expect(calls.find((call) => call.path === '/requests')?.headers.get('Idempotency-Key')).toBeTruthy();
  });

  it('offers the plan that exists when the same request is under way', async () => {
    renderApp('/', { 'POST /requests': () => problem(409, 'duplicate_request', { planId: 'p1' }) });
    await userEvent.type(await screen.findByLabelText('Your request, in plain words'), 'again');
    await userEvent.click(screen.getByRole('button', { name: /Make a plan/ }));
    expect(await screen.findByRole('button', { name: 'Open that plan' })).toBeDefined();
  });
});

describe('plan review', () => {
  it('approves with the hash that was shown, by keyboard', async () => {
    const plan = aPlan();
    const running = { ...plan, status: 'running', startedAt: '2026-01-01T10:00:00Z' };
    const { calls } = renderApp('/plans/p1', {
      'GET /plans/p1': () => plan,
      'POST /plans/p1/approve': () => running,
      'GET /plans/p1/stream': () => stream({ kind: 'plan', status: 'running' }),
    });
    await screen.findByRole('button', { name: /Approve 2 steps on nas01/ });
    expect(screen.getAllByText('from “the homelab”').length).toBeGreaterThan(0);
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() =>
      expect(calls.find((call) => call.path === '/plans/p1/approve')?.body).toEqual({
        planHash: plan.planHash,
      }),
    );
  });

  it('answers questions with one change and no approval in sight', async () => {
    const plan = aPlan({
      status: 'needs_input',
      steps: [aStep(1), aStep(2, { variables: [{ name: 'keep_days', source: 'missing' }] })],
      questions: [
        {
          code: 'missing_variable',
          stepNumber: 2,
          message: 'How many days?',
          variable: 'keep_days',
          candidates: [],
        },
      ],
    });
    const { calls } = renderApp('/plans/p1', {
      'GET /plans/p1': () => plan,
      'POST /plans/p1/modify': () => ({ ...plan, version: 2, status: 'awaiting_approval', questions: [] }),
    });
    const field = await screen.findByLabelText('Value for keep_days');
    expect(screen.queryByRole('button', { name: /Approve/ })).toBeNull();
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.type(field, '14');
    await userEvent.click(screen.getByRole('button', { name: /Answer and make the next version/ }));
    await waitFor(() =>
      expect(calls.find((call) => call.path === '/plans/p1/modify')?.body).toEqual({
        steps: [{ id: 'step-2', number: 2, variables: { keep_days: '14' } }],
      }),
    );
  });

  it('asks for a reason before it rejects', async () => {
    const { calls } = renderApp('/plans/p1', {
      'GET /plans/p1': () => aPlan(),
      'POST /plans/p1/reject': () => aPlan({ status: 'rejected', rejectedReason: 'not tonight' }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Reject' }));
    const dialog = screen.getByRole('dialog', { name: 'Reject this plan' });
    const submit = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Reject the plan' });
    expect(submit.disabled).toBe(true);
    await userEvent.type(within(dialog).getByLabelText('Why'), 'not tonight');
    await userEvent.click(submit);
    await waitFor(() =>
      expect(calls.find((call) => call.path === '/plans/p1/reject')?.body).toEqual({ reason: 'not tonight' }),
    );
  });

  it('stays open when a press begins in the dialog and ends beside it, and closes when it begins beside it', async () => {
    renderApp('/plans/p1', { 'GET /plans/p1': () => aPlan() });
    await userEvent.click(await screen.findByRole('button', { name: 'Change…' }));
    const dialog = screen.getByRole('dialog', { name: 'Change the plan' });
    fireEvent.pointerDown(within(dialog).getByRole('tab', { name: 'Say it in words' }));
    fireEvent.click(dialog);
    expect(screen.getByRole('dialog', { name: 'Change the plan' })).toBeDefined();
    fireEvent.pointerDown(dialog);
    fireEvent.click(dialog);
    expect(screen.queryByRole('dialog', { name: 'Change the plan' })).toBeNull();
  });

  it('gives a viewer nothing to press and says who can', async () => {
    renderApp('/plans/p1', { 'GET /plans/p1': () => aPlan() }, vic);
    expect(await screen.findByText('An approver can approve or reject this.')).toBeDefined();
    expect(screen.queryByRole('button', { name: /Approve|Reject|Change/ })).toBeNull();
  });

  it('says that the plan changed when it did, and runs nothing', async () => {
    renderApp('/plans/p1', {
      'GET /plans/p1': () => aPlan(),
      'POST /plans/p1/approve': () => problem(409, 'plan_changed'),
    });
    await userEvent.click(await screen.findByRole('button', { name: /Approve/ }));
    expect((await screen.findByRole('alert')).textContent).toContain('The plan is not the one you saw');
  });
});

describe('run', () => {
  it('shows each task, the end, what it wants known, and the commit', async () => {
    const plan = aPlan({
      status: 'completed',
      startedAt: '2026-01-01T10:00:00Z',
      finishedAt: '2026-01-01T10:01:40Z',
      auditCommit: 'abcdef0123456789abcdef0123456789abcdef01',
      steps: [
        aStep(1, {
          status: 'completed',
          recap: { nas01: { ok: 3, changed: 2 } },
          notices: ['No Docker engine.'],
        }),
      ],
    });
    renderApp('/plans/p1', {
      'GET /plans/p1': () => plan,
      'GET /plans/p1/stream': () =>
        stream(
          { kind: 'step', stepNumber: 1, status: 'running' },
          {
            kind: 'task',
            stepNumber: 1,
            task: { task: 'Write compose.yaml', host: 'nas01', outcome: 'changed' },
          },
          { kind: 'plan', status: 'completed' },
        ),
    });
    expect(await screen.findByText('Write compose.yaml')).toBeDefined();
    expect(screen.getByText('Completed, 2 changes on nas01.')).toBeDefined();
    expect(screen.getByText('No Docker engine.')).toBeDefined();
    expect(screen.getByRole('button', { name: /Copy Audit commit: abcdef/ }).textContent).toContain(
      'abcd…ef01',
    );
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows the reason of a failure and what would make it better', async () => {
    const plan = aPlan({
      status: 'failed',
      startedAt: '2026-01-01T10:00:00Z',
      finishedAt: '2026-01-01T10:01:40Z',
      steps: [
        aStep(1, {
          status: 'failed',
          statusReason: 'Start the container failed',
          suggestions: [{ category: 'error_handling', severity: 'medium', message: 'Check first.' }],
        }),
        aStep(2, { status: 'skipped' }),
      ],
    });
    renderApp('/plans/p1', {
      'GET /plans/p1': () => plan,
      'GET /plans/p1/stream': () => stream({ kind: 'plan', status: 'failed' }),
    });
    expect(await screen.findByText('Step 1, Deploy Uptime Kuma, failed.')).toBeDefined();
    expect(screen.getByText('Check first.')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
  });
});

describe('audit', () => {
  it('calls a chain whole only on an explicit yes', async () => {
    renderApp('/audit', {
      'GET /audit/entries': () => ({
        items: [
          { id: '1', seq: 1, type: 'plan.approved', actor: 'ada', hash: 'ab', at: '2026-01-01T10:00:00Z' },
        ],
      }),
      'GET /audit/verify': () => ({ something: 'else' }),
    });
    expect(await screen.findByText('plan.approved')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Verify chain' }));
    expect(await screen.findByText('The chain is broken')).toBeDefined();
  });
});

describe('everywhere', () => {
  it.each([
    '/requests',
    '/tokens',
    '/playbooks',
    '/nodes',
    '/agents',
    '/locks',
    '/events',
    '/nowhere',
    '/sessions/s1',
  ])('%s has a heading, a main landmark and no accessibility fault when it is empty', async (path) => {
    const empty = () => ({ items: [] });
    renderApp(path, {
      'GET /agents/live': empty,
      'GET /agents': empty,
      'GET /locks': empty,
      'GET /tokens': empty,
      'GET /events': empty,
      'GET /events/stats': () => ({ total: 0, unhandled: 0 }),
      'GET /sessions/s1': () => ({ id: 's1', createdAt: '2026-01-01T10:00:00Z' }),
      'GET /sessions/s1/messages': empty,
    });
    expect(await screen.findByRole('heading', { level: 1 })).toBeDefined();
    expect(screen.getByRole('main')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('opens the palette with Ctrl+K and goes where it says', async () => {
    const { router } = renderApp('/');
    await screen.findByRole('heading', { level: 1 });
    await userEvent.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Go to or ask' });
    await userEvent.keyboard('lock{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/locks'));
  });

  it('goes to a page by g and a letter, but not while typing', async () => {
    const { router } = renderApp('/');
    const field = await screen.findByLabelText('Your request, in plain words');
    await userEvent.type(field, 'gn');
    expect(router.state.location.pathname).toBe('/');
    field.blur();
    await userEvent.keyboard('gn');
    await waitFor(() => expect(router.state.location.pathname).toBe('/nodes'));
  });

  it('shows an error with a retry that works', async () => {
    let broken = true;
    renderApp('/locks', { 'GET /locks': () => (broken ? problem(503, 'unavailable') : { items: [] }) });
    expect((await screen.findByRole('alert')).textContent).toContain('Not available right now');
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Nothing is locked')).toBeDefined();
  });

  it('goes on showing what it knew when the server goes away, and says how old it is', async () => {
    let away = false;
    const lock = { id: 'l1', resourceIds: ['host:nas01'], ownerId: 'plan:p1', grantedAt: '', expiresAt: '' };
    const { queryClient } = renderApp('/locks', {
      'GET /locks': () => (away ? problem(503, 'unavailable') : { items: [lock] }),
    });
    expect(await screen.findByText('host:nas01')).toBeDefined();
    away = true;
    await queryClient.refetchQueries({ queryKey: ['locks'] });
    expect(await screen.findByText(/Showing what we knew/)).toBeDefined();
    expect(screen.getByText('host:nas01')).toBeDefined();
  });

  it('says who can when the role does not allow a page, and offers no retry', async () => {
    renderApp('/nodes', { 'GET /nodes': () => problem(403, 'forbidden') });
    expect((await screen.findByRole('alert')).textContent).toContain('Your role does not allow this');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('keeps the navigation when a page breaks on an answer nobody foresaw', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    renderApp('/locks', { 'GET /locks': () => ({ items: [null] }) });
    expect((await screen.findByRole('alert')).textContent).toContain('This page hit a fault');
    expect(screen.getByRole('navigation', { name: 'Main' })).toBeDefined();
  });
});
