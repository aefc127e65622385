import { networkProblem, problemFrom } from './problem';
import { inOneTab } from './tabLock';
import type { SignInAnswer, SignInOptions, User } from './types';

/**
 * Who is signed in. The access token lives in memory only; what survives a reload is the HttpOnly refresh cookie, which no
 * script can read.
 *
 *   unknown --refresh ok--> signed-in --refresh refused / sign out--> signed-out --sign in--> signed-in
 *      \------refresh refused--> signed-out
 *
 * A refresh that gets no answer (server restarting) changes nothing: being offline is not being signed out.
 */
export type SessionState =
  { status: 'unknown' } | { status: 'signed-in'; user: User } | { status: 'signed-out' };

const RENEW_BEFORE_MS = 60_000;

let state: SessionState = { status: 'unknown' };
let accessToken: string | undefined;
let expiresAt = 0;
let refreshing: Promise<boolean> | undefined;
let renewTimer: number | undefined;
const listeners = new Set<() => void>();

export function getSession(): SessionState {
  return state;
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: SessionState): void {
  state = next;
  listeners.forEach((listener) => listener());
}

export function accept(answer: SignInAnswer): void {
  accessToken = answer.accessToken;
  expiresAt = Date.now() + answer.expiresIn * 1000;
  window.clearTimeout(renewTimer);
  const delay = Math.max(5_000, answer.expiresIn * 1000 - RENEW_BEFORE_MS);
  renewTimer = window.setTimeout(() => void refresh().catch(() => undefined), Math.min(delay, 2 ** 31 - 1));
  become({ status: 'signed-in', user: answer.user });
}

export function forget(): void {
  accessToken = undefined;
  expiresAt = 0;
  window.clearTimeout(renewTimer);
  if (state.status !== 'signed-out') become({ status: 'signed-out' });
}

async function post(path: string, body?: unknown): Promise<Response> {
  try {
    return await fetch(`/api/v1/auth/${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: body === undefined ? { Accept: 'application/json' } : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw networkProblem();
  }
}

async function refreshOnce(): Promise<boolean> {
  const response = await post('refresh');
  if (response.ok) {
    const answer = (await response.json()) as SignInAnswer;
    accept(answer.user ? answer : { ...answer, user: await fetchMe(answer.accessToken) });
    return true;
  }
  if (response.status >= 500 || response.status === 429) throw await problemFrom(response);
  forget();
  return false;
}

/** One refresh at a time, over all tabs: the server rotates the cookie, and two tabs must not race for it. */
export function refresh(): Promise<boolean> {
  if (refreshing) return refreshing;
  refreshing = inOneTab('skein.refresh', refreshOnce).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

/** The token to send, renewed first when it is about to run out; undefined when nobody is signed in. */
export async function currentToken(): Promise<string | undefined> {
  if (accessToken && Date.now() < expiresAt - 5_000) return accessToken;
  if (state.status === 'signed-out') return undefined;
  return (await refresh()) ? accessToken : undefined;
}

async function fetchMe(token: string): Promise<User> {
  const response = await fetch('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } }).catch(() => {
    throw networkProblem();
  });
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as User;
}

async function enter(path: string, body: unknown): Promise<void> {
  const response = await post(path, body);
  if (!response.ok) throw await problemFrom(response);
  const answer = (await response.json()) as SignInAnswer;
  accept(answer.user ? answer : { ...answer, user: await fetchMe(answer.accessToken) });
}

export function signIn(username: string, password: string): Promise<void> {
  return enter('sign-in', { username, password });
}

/** Makes an account of one's own, where the fleet allows it. */
export function register(username: string, password: string): Promise<void> {
  return enter('register', { username, password });
}

/** What the sign-in page offers; a front door that does not say offers a password. */
export async function signInOptions(): Promise<SignInOptions> {
  const response = await fetch('/api/v1/auth/options').catch(() => undefined);
  return response?.ok ? ((await response.json()) as SignInOptions) : {};
}

/** Makes the first account of a fresh fleet; the token was printed by `./skein up`. */
export function setUp(token: string, username: string, password: string): Promise<void> {
  return enter('setup', { token, username, password });
}

export async function signOut(): Promise<void> {
  try {
    const response = await post('sign-out');
    if (response.status === 200) {
      // Whoever came through a provider is still signed in there: its page is next.
      const { next } = (await response.json()) as { next?: string };
      if (next) window.location.assign(next);
    }
  } finally {
    forget();
  }
}

/** Back to before anybody looked: for tests, which share one module. */
export function resetForTests(): void {
  forget();
  refreshing = undefined;
  state = { status: 'unknown' };
}
