import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { resetForTests } from '@/api/session';
import type { ApiToken } from '@/api/types';
import { problem } from '@/test/fakeApi';
import { vic } from '@/test/fixtures';
import { accessibilityFaults, renderApp } from '@/test/renderApp';

afterEach(() => {
  cleanup();
  resetForTests();
});

const token = (id: string, name: string, more: Partial<ApiToken> = {}): ApiToken => ({
  id,
  name,
  kind: 'person',
  owner: 'ada',
  scopes: ['viewer', 'operator'],
  createdAt: '2026-01-01T10:00:00Z',
  expiresAt: '2126-01-01T10:00:00Z',
  expired: false,
  ...more,
});
const list = () => ({
  items: [
    token('t1', 'ci', { lastUsedAt: '2026-01-02T10:00:00Z' }),
    token('t2', 'attic', { kind: 'node', subject: 'attic.lan', scopes: [], expired: true }),
  ],
});
const secret = 'skein_p_shown-once';

describe('API tokens', () => {
  it('lists whose they are, when they were used and what is over', async () => {
    renderApp('/tokens', { 'GET /tokens': list });
    const row = (await screen.findByText('ci')).closest('tr') as HTMLElement;
    expect(within(row).getByText('viewer, operator')).toBeDefined();
    const node = screen.getByText('attic').closest('tr') as HTMLElement;
    expect(within(node).getByText('node attic.lan')).toBeDefined();
    expect(within(node).getByText('never')).toBeDefined();
    expect(within(node).getByText('expired')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('makes one, shows it once, and forgets it when the dialog closes', async () => {
    const { calls, queryClient } = renderApp('/tokens', {
      'GET /tokens': list,
      'POST /tokens': () => token('t3', 'backup', { token: secret }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
    await userEvent.type(screen.getByLabelText('Name, to recognise it by'), 'backup');
    await userEvent.click(screen.getByRole('checkbox', { name: 'operator' }));
    await userEvent.selectOptions(screen.getByLabelText('Expires after'), '30');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Make the token' }));
    expect(await screen.findByDisplayValue(secret)).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
    expect(calls.find((call) => call.method === 'POST' && call.path === '/tokens')?.body).toEqual({
      name: 'backup',
      kind: 'person',
      scopes: ['viewer', 'operator'],
      expiresInDays: 30,
    });
    await userEvent.click(screen.getByRole('button', { name: 'I have it' }));
    await waitFor(() => expect(document.body.innerHTML).not.toContain(secret));
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map((each) => each.state.data),
      ),
    ).not.toContain(secret);
    await waitFor(() => expect(queryClient.getMutationCache().getAll()).toEqual([]));
  });

  it('makes one for a node and says who that is at the broker', async () => {
    const { calls } = renderApp('/tokens', {
      'GET /tokens': list,
      'POST /tokens': () =>
        token('t4', 'attic', { kind: 'node', subject: 'attic.lan', scopes: [], token: 'skein_n_x' }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
    await userEvent.type(screen.getByLabelText('Name, to recognise it by'), 'attic');
    await userEvent.selectOptions(screen.getByLabelText('Speaks for'), 'node');
    await userEvent.type(screen.getByLabelText('Name of the node'), 'attic.lan');
    await userEvent.click(screen.getByRole('button', { name: 'Make the token' }));
    expect(await screen.findByText(/node~home~attic\.lan/)).toBeDefined();
    expect(calls.find((call) => call.method === 'POST' && call.path === '/tokens')?.body).toEqual({
      name: 'attic',
      kind: 'node',
      subject: 'attic.lan',
      expiresInDays: 90,
    });
  });

  it('gives nobody more to choose than they have', async () => {
    const { calls } = renderApp('/tokens', { 'GET /tokens': list }, vic);
    await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
    expect(screen.getAllByRole('checkbox')).toHaveLength(1);
    expect(screen.queryByLabelText('Speaks for')).toBeNull();
    expect(screen.queryByLabelText('Whose tokens')).toBeNull();
    expect(calls.every((call) => !call.query.has('all'))).toBe(true);
  });

  it('shows an administrator the tokens of the team', async () => {
    const { calls } = renderApp('/tokens', { 'GET /tokens': list });
    await userEvent.selectOptions(await screen.findByLabelText('Whose tokens'), 'team');
    await waitFor(() => expect(calls.some((call) => call.query.get('all') === 'true')).toBe(true));
  });

  it('revokes after a question, and says when that is refused', async () => {
    let refuse = true;
    const { calls } = renderApp('/tokens', {
      'GET /tokens': list,
      'DELETE /tokens/t1': () => (refuse ? problem(404, 'not_found') : new Response(null, { status: 204 })),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke ci' }));
    const dialog = screen.getByRole('dialog', { name: 'Revoke ci' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke the token' }));
    expect(await within(dialog).findByRole('alert')).toBeDefined();
    refuse = false;
    await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke the token' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Revoke ci' })).toBeNull());
    expect(calls.filter((call) => call.method === 'DELETE')).toHaveLength(2);
  });
});
