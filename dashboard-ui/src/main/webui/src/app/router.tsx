import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { HomePage } from '@/features/home/HomePage';
import { PlanPage } from '@/features/plans/PlanPage';
import { NotFound } from './NotFound';
import { Root } from './Root';
import { PageFault } from './PageFault';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: PageFault,
});

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { ask?: string; 'sign-in'?: string } => ({
    ask: text(search.ask),
    'sign-in': text(search['sign-in']),
  }),
  component: HomePage,
});
const plan = createRoute({
  getParentRoute: () => rootRoute,
  path: '/plans/$id',
  validateSearch: (search: Record<string, unknown>): { version?: number } => {
    const version = Number(search.version);
    return { version: Number.isInteger(version) && version > 0 ? version : undefined };
  },
  component: PlanPage,
});
const requests = createRoute({
  getParentRoute: () => rootRoute,
  path: '/requests',
  validateSearch: (search: Record<string, unknown>): { show?: 'waiting' | 'running' | 'done' } => {
    const show = search.show;
    return { show: show === 'waiting' || show === 'running' || show === 'done' ? show : undefined };
  },
  component: lazyRouteComponent(() => import('@/features/requests/RequestsPage'), 'RequestsPage'),
});
const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('@/features/requests/SessionPage'), 'SessionPage'),
});
const audit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    plan: text(search.plan),
    entry: text(search.entry) ?? (typeof search.entry === 'number' ? String(search.entry) : undefined),
    q: text(search.q),
    type: text(search.type),
    actor: text(search.actor),
    status: text(search.status),
  }),
  component: lazyRouteComponent(() => import('@/features/audit/AuditPage'), 'AuditPage'),
});
const playbooks = createRoute({
  getParentRoute: () => rootRoute,
  path: '/playbooks',
  validateSearch: (search: Record<string, unknown>): { q?: string; open?: string } => ({
    q: text(search.q),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('@/features/playbooks/PlaybooksPage'), 'PlaybooksPage'),
});
const nodes = createRoute({
  getParentRoute: () => rootRoute,
  path: '/nodes',
  component: lazyRouteComponent(() => import('@/features/nodes/NodesPage'), 'NodesPage'),
});
const agents = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents',
  component: lazyRouteComponent(() => import('@/features/agents/AgentsPage'), 'AgentsPage'),
});
const locks = createRoute({
  getParentRoute: () => rootRoute,
  path: '/locks',
  component: lazyRouteComponent(() => import('@/features/locks/LocksPage'), 'LocksPage'),
});
const events = createRoute({
  getParentRoute: () => rootRoute,
  path: '/events',
  validateSearch: (search: Record<string, unknown>): { priority?: string; type?: string; plan?: string } => ({
    priority: text(search.priority),
    type: text(search.type),
    plan: text(search.plan),
  }),
  component: lazyRouteComponent(() => import('@/features/events/EventsPage'), 'EventsPage'),
});
const account = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/account/AccountPage'), 'AccountPage'),
});
const tokens = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('@/features/tokens/TokensPage'), 'TokensPage'),
});
const people = createRoute({
  getParentRoute: () => rootRoute,
  path: '/people',
  validateSearch: (search: Record<string, unknown>): { team?: string } => ({ team: text(search.team) }),
  component: lazyRouteComponent(() => import('@/features/people/PeoplePage'), 'PeoplePage'),
});
const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) }),
  component: HomePage,
});

export interface AuditSearch {
  plan?: string;
  entry?: string;
  q?: string;
  type?: string;
  actor?: string;
  status?: string;
}

const routeTree = rootRoute.addChildren([
  home,
  plan,
  requests,
  session,
  audit,
  playbooks,
  nodes,
  agents,
  locks,
  events,
  account,
  tokens,
  people,
  setup,
]);

export function makeRouter(history: RouterHistory = createBrowserHistory()) {
  return createRouter({
    routeTree,
    history,
    defaultPreload: 'intent',
    // A page that breaks must not take the navigation with it.
    defaultErrorComponent: PageFault,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
