import { ApiProblem, networkProblem, problemFrom } from './problem';
import { currentToken, forget, refresh } from './session';

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  query?: Record<string, string | number | undefined | null>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function apiPath(path: string, query?: CallOptions['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  const search = params.toString();
  return `/api/v1${path}${search ? `?${search}` : ''}`;
}

/** fetch with the bearer token; a 401 is answered with one refresh and one retry before anybody is signed out. */
export async function authorizedFetch(url: string, init: RequestInit): Promise<Response> {
  const send = async (token: string | undefined) => {
    const headers = new Headers(init.headers);
    if (token) headers.set('Authorization', `Bearer ${token}`);
    try {
      return await fetch(url, { ...init, headers });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw networkProblem();
    }
  };
  const response = await send(await currentToken());
  if (response.status !== 401) return response;
  if (!(await refresh())) return response;
  const second = await send(await currentToken());
  if (second.status === 401) forget();
  return second;
}

async function call(path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json, text/plain;q=0.5',
    ...options.headers,
  };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await authorizedFetch(apiPath(path, options.query), {
    method: options.method ?? 'GET',
    headers,
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal,
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

export async function getJson<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await call(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (!text) return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiProblem(response.status, 'unreadable', 'The answer cannot be read', undefined);
  }
}

export async function getText(path: string, options: CallOptions = {}): Promise<string> {
  return (await call(path, options)).text();
}
