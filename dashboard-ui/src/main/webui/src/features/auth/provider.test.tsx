import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { resetForTests } from '@/api/session';
import { ada } from '@/test/fixtures';
import { accessibilityFaults, renderApp } from '@/test/renderApp';

const provider = { id: 'oidc', name: 'Example ID', url: '/api/v1/auth/oidc/sign-in' };

afterEach(() => {
  cleanup();
  resetForTests();
  vi.restoreAllMocks();
});

describe('signing in with a provider', () => {
  it('leads to it, and back to the page that was asked for', async () => {
    renderApp('/requests?show=running', { 'GET /auth/options': () => ({ oidc: [provider] }) }, null);
    const way = await screen.findByRole('link', { name: 'Sign in with Example ID' });
    expect(way.getAttribute('href')).toBe(
      `/api/v1/auth/oidc/sign-in?to=${encodeURIComponent('/requests?show=running')}`,
    );
    expect(screen.getByLabelText('Password')).toBeDefined();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('is the only way where passwords are off', async () => {
    renderApp('/', { 'GET /auth/options': () => ({ passwords: false, oidc: [provider] }) }, null);
    await screen.findByRole('link', { name: 'Sign in with Example ID' });
    expect(screen.queryByLabelText('Password')).toBeNull();
  });

  it('says once why it came to nothing, in our own words only', async () => {
    const { router } = renderApp('/?sign-in=no-role', { 'GET /auth/options': () => ({}) }, null);
    expect((await screen.findByRole('alert')).textContent).toContain(
      'You have an account there, but no role in Skein',
    );
    await vi.waitFor(() => expect(router.state.location.href).toBe('/'));
    expect(screen.getByRole('alert')).toBeDefined();
    cleanup();
    resetForTests();
    renderApp('/?sign-in=Call+0900+123456', { 'GET /auth/options': () => ({}) }, null);
    await screen.findByLabelText('Password');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.body.textContent).not.toContain('0900');
  });

  it('ends at the provider too', async () => {
    const assign = vi.fn();
    vi.spyOn(window, 'location', 'get').mockReturnValue({ ...window.location, assign });
    renderApp('/', { 'POST /auth/sign-out': () => ({ next: '/api/v1/auth/oidc/sign-out' }) }, ada);
    await userEvent.click(await screen.findByRole('button', { name: 'Sign out' }));
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/api/v1/auth/oidc/sign-out'));
  });
});
