import { vi } from 'vitest';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}
type Answer = unknown;

export const json = (body: unknown, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } });

export const problem = (status: number, code: string, more: Record<string, unknown> = {}) =>
  json({ status, code, title: code, ...more }, status, 'application/problem+json');

/** An event stream that sends these pieces and then ends. */
export const eventStream = (...pieces: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        pieces.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece)));
        controller.close();
      },
    }),
    { headers: { 'Content-Type': 'text/event-stream' } },
  );

/** Answers fetch by "METHOD /path"; a path nobody answers for is a 404, as it would be. Returns the calls made. */
export function fakeApi(routes: Record<string, (call: Call) => Answer>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'http://skein.test');
    const call: Call = {
      method: init.method ?? 'GET',
      path: url.pathname.replace('/api/v1', ''),
      query: url.searchParams,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
      headers: new Headers(init.headers),
    };
    calls.push(call);
    const route = routes[`${call.method} ${call.path}`];
    if (!route) return problem(404, 'not_found');
    const answer = await route(call);
    return answer instanceof Response ? answer : json(answer);
  });
  return calls;
}
