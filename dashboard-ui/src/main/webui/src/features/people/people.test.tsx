import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { resetForTests } from '@/api/session';
import type { Person } from '@/api/types';
import { problem } from '@/test/fakeApi';
import { ada, vic } from '@/test/fixtures';
import { accessibilityFaults, renderApp } from '@/test/renderApp';
import { madeUpPassword } from './madeUpPassword';

afterEach(() => {
  cleanup();
  resetForTests();
});

const root = { ...ada, id: 'u1', fleet: true };
const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id,
  name,
  team: 'home',
  roles: ['viewer'],
  hasPassword: true,
  disabled: false,
  createdAt: '2026-01-01T10:00:00Z',
  ...more,
});
const people = () => ({ items: [person('u1', 'ada', { roles: root.roles }), person('u2', 'bob')] });
const teams = () => ({
  items: [
    { name: 'home', people: 2, createdBy: 'setup', createdAt: '2026-01-01T10:00:00Z' },
    { name: 'lab', people: 0, createdBy: 'ada', createdAt: '2026-01-01T10:00:00Z' },
  ],
});

async function fill(label: string, value: string) {
  await userEvent.type(await screen.findByLabelText(label), value);
}

describe('sign-in page', () => {
  it('offers an account only where registration is open', async () => {
    const { calls } = renderApp(
      '/requests',
      {
        'GET /auth/options': () => ({ setup: false, registration: 'open', oidc: [] }),
        'POST /auth/register': () => ({ accessToken: 'token', expiresIn: 900, user: vic }),
      },
      null,
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Make an account' }));
    await fill('User name', 'vic');
    await fill('Password', 'correct horse battery');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Make the account and sign in' }));
    expect(await screen.findByRole('heading', { name: 'Requests' })).toBeDefined();
    expect(calls.find((call) => call.path === '/auth/register')?.body).toEqual({
      username: 'vic',
      password: 'correct horse battery',
    });
  });

  it('offers no account where it is closed, and no way that leads off this origin', async () => {
    renderApp(
      '/',
      {
        'GET /auth/options': () => ({
          setup: false,
          registration: 'closed',
          oidc: [
            { id: 'kc', name: 'Keycloak', url: '/api/v1/auth/oidc/kc' },
            { id: 'bad', name: 'Evil', url: 'https://evil.example/' },
            { id: 'worse', name: 'Worse', url: '//evil.example/' },
            { id: 'script', name: 'Script', url: 'javascript:alert(1)' },
          ],
        }),
      },
      null,
    );
    const link = await screen.findByRole('link', { name: 'Sign in with Keycloak' });
    expect(link.getAttribute('href')).toBe('/api/v1/auth/oidc/kc?to=%2F');
    expect(screen.getAllByRole('link')).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Make an account' })).toBeNull();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('leads to the first account while there is none', async () => {
    renderApp('/', { 'GET /auth/options': () => ({ setup: true, registration: 'open', oidc: [] }) }, null);
    expect(await screen.findByRole('link', { name: 'Make the first one' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Make an account' })).toBeNull();
  });
});

describe('account', () => {
  it('changes the password, and goes on with a new access token', async () => {
    const { calls } = renderApp('/account', {
      'POST /me/password': () => new Response(null, { status: 204 }),
    });
    await fill('Present password', 'old password here');
    await fill('New password', 'new password here');
    await fill('New password again', 'another one here');
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    expect((await screen.findByRole('alert')).textContent).toContain('not the same');
    expect(calls.some((call) => call.path === '/me/password')).toBe(false);
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.clear(screen.getByLabelText('New password again'));
    await fill('New password again', 'new password here');
    const refreshes = () => calls.filter((call) => call.path === '/auth/refresh').length;
    const before = refreshes();
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    expect(await screen.findByText(/The password is changed/)).toBeDefined();
    expect(calls.find((call) => call.path === '/me/password')?.body).toEqual({
      currentPassword: 'old password here',
      newPassword: 'new password here',
    });
    await waitFor(() => expect(refreshes()).toBe(before + 1));
    expect(screen.getByLabelText<HTMLInputElement>('Present password').value).toBe('');
  });

  it('has no password to change for whom a provider vouches', async () => {
    renderApp('/account', {}, { ...ada, hasPassword: false });
    expect(await screen.findByText(/You sign in with your provider/)).toBeDefined();
    expect(screen.queryByLabelText('Present password')).toBeNull();
    cleanup();
    const grace = () => ({ items: [person('u3', 'grace', { hasPassword: false }), person('u2', 'bob')] });
    renderApp('/people', { 'GET /users': grace, 'GET /teams': teams }, root);
    expect(await screen.findByRole('button', { name: 'New password for bob' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'New password for grace' })).toBeNull();
  });

  it('says which password was wrong', async () => {
    renderApp('/account', {
      'POST /me/password': () =>
        problem(400, 'validation_failed', {
          violations: [{ field: 'currentPassword', message: 'is not your password' }],
        }),
    });
    for (const label of ['Present password', 'New password', 'New password again']) {
      await fill(label, 'whatever it may be');
    }
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    expect((await screen.findByRole('alert')).textContent).toContain('is not your password');
  });
});

describe('people', () => {
  it('is not shown to whoever does not administer', async () => {
    renderApp('/', {}, vic);
    expect(await screen.findByRole('link', { name: 'Account' })).toBeDefined();
    expect(screen.queryByRole('link', { name: 'People' })).toBeNull();
  });

  it('adds a person with a password that was made up, and the roles that follow', async () => {
    const { calls } = renderApp(
      '/people',
      { 'GET /users': people, 'GET /teams': teams, 'POST /users': () => person('u3', 'cem') },
      root,
    );
    await screen.findByText('bob');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Add a person' }));
    const dialog = await screen.findByRole('dialog', { name: 'Add a person' });
    await userEvent.type(within(dialog).getByLabelText('User name'), 'cem');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Make one up' }));
    const made = within(dialog).getByLabelText<HTMLInputElement>('First password').value;
    expect(within(dialog).getByText(made)).toBeDefined();
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /operator/ }));
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(calls.find((call) => call.method === 'POST' && call.path === '/users')?.body).toEqual({
      username: 'cem',
      password: made,
      roles: ['viewer', 'operator'],
      team: 'home',
    });
    expect(calls.filter((call) => call.method === 'GET' && call.path === '/users')).toHaveLength(2);
  });

  it('changes, resets and deletes others, and offers nothing of it for oneself', async () => {
    const { calls } = renderApp(
      '/people',
      {
        'GET /users': people,
        'GET /teams': teams,
        'PATCH /users/u2': () => person('u2', 'bob', { disabled: true }),
        'POST /users/u2/password': () => new Response(null, { status: 204 }),
        'DELETE /users/u2': () => new Response(null, { status: 204 }),
      },
      root,
    );
    expect(await screen.findByRole('button', { name: 'Delete bob' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Delete ada' })).toBeNull();

    await userEvent.click(screen.getByRole('button', { name: 'Change bob' }));
    await userEvent.click(screen.getByRole('checkbox', { name: /administrator/ }));
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /approver/ }).checked).toBe(true);
    await userEvent.click(screen.getByRole('checkbox', { name: /Disabled/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(calls.find((call) => call.method === 'PATCH')?.body).toEqual({
      roles: ['viewer', 'admin'],
      disabled: true,
    });

    await userEvent.click(screen.getByRole('button', { name: 'New password for bob' }));
    await userEvent.type(await screen.findByLabelText('New password'), 'correct horse battery');
    await userEvent.click(screen.getByRole('button', { name: 'Set this password' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(calls.find((call) => call.path === '/users/u2/password')?.body).toEqual({
      password: 'correct horse battery',
    });

    await userEvent.click(screen.getByRole('button', { name: 'Delete bob' }));
    expect(screen.getByRole('dialog').textContent).toContain('stays reserved');
    await userEvent.click(screen.getByRole('button', { name: 'Delete the account' }));
    await waitFor(() => expect(calls.some((call) => call.method === 'DELETE')).toBe(true));
  });

  it('keeps the dialog and says why when a team would lose its last administrator', async () => {
    renderApp(
      '/people',
      {
        'GET /users': people,
        'GET /teams': teams,
        'DELETE /users/u2': () => problem(409, 'last_admin', { detail: 'bob is the only administrator.' }),
      },
      root,
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Delete bob' }));
    await userEvent.click(screen.getByRole('button', { name: 'Delete the account' }));
    expect((await screen.findByRole('alert')).textContent).toContain('bob is the only administrator.');
    expect(screen.getByRole('dialog')).toBeDefined();
  });

  it('keeps teams for administrators of the fleet', async () => {
    const { calls, router } = renderApp(
      '/people',
      {
        'GET /users': (call) => (call.query.get('team') === 'lab' ? { items: [] } : people()),
        'GET /teams': teams,
        'POST /teams': () => ({
          name: 'attic',
          people: 0,
          createdBy: 'ada',
          createdAt: '2026-01-01T10:00:00Z',
        }),
        'DELETE /teams/lab': () => new Response(null, { status: 204 }),
      },
      root,
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Add a team' }));
    await userEvent.type(await screen.findByLabelText('Team name'), 'attic');
    await userEvent.click(screen.getByRole('button', { name: 'Add the team' }));
    await waitFor(() =>
      expect(calls.find((call) => call.path === '/teams' && call.body)?.body).toEqual({ name: 'attic' }),
    );

    expect(screen.queryByRole('button', { name: 'Delete the team home' })).toBeNull();
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the team lab' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the team' }));
    await waitFor(() => expect(calls.some((call) => call.path === '/teams/lab')).toBe(true));

    await userEvent.selectOptions(screen.getByLabelText('Team'), 'lab');
    expect(await screen.findByText('This team has no people yet')).toBeDefined();
    expect(router.state.location.search).toEqual({ team: 'lab' });
  });

  it('shows an administrator of another team their own people and no teams', async () => {
    const { calls } = renderApp('/people?team=lab', { 'GET /users': people }, { ...root, fleet: false });
    await screen.findByText('bob');
    expect(screen.queryByRole('heading', { name: 'Teams' })).toBeNull();
    expect(calls.some((call) => call.path === '/teams')).toBe(false);
    expect(calls.find((call) => call.path === '/users')?.query.get('team')).toBeNull();
  });
});

describe('a password that is made up', () => {
  it('is long, sayable and never the same', () => {
    const made = new Set(Array.from({ length: 200 }, madeUpPassword));
    expect(made.size).toBe(200);
    for (const each of made) expect(each).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{5}-){3}[a-km-zA-HJ-NP-Z2-9]{5}$/);
  });
});
