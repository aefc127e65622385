import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import axe from 'axe-core';
import { makeRouter } from '@/app/router';
import { fakeApi, type Call } from './fakeApi';
import { ada } from './fixtures';
import type { User } from '@/api/types';

/** The whole app at an address, against a fake API, signed in unless `user` is null. */
export function renderApp(
  path: string,
  routes: Record<string, (call: Call) => unknown> = {},
  user: User | null = ada,
) {
  const calls = fakeApi({
    'POST /auth/refresh': () =>
      user ? { accessToken: 'token', expiresIn: 900, user } : new Response('{}', { status: 401 }),
    'GET /fleet': () => ({ items: [{ name: 'orchestrator-service', status: 'ready' }] }),
    'GET /nodes': () => ({ items: [] }),
    'GET /plans': () => ({ items: [] }),
    'GET /playbooks': () => ({ items: [] }),
    ...routes,
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  const view = render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { calls, router, queryClient, ...view };
}

/** WCAG 2.2 A and AA rules of axe; colour contrast needs a real browser and is looked at there. */
export async function accessibilityFaults(): Promise<string[]> {
  const result = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'color-contrast': { enabled: false } },
  });
  return result.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`);
}
