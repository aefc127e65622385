/** An RFC 9457 problem document, or the lack of any answer, as something that can be thrown and shown. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    /** The stable code of `docs/errors.md`; `network` when no answer came. */
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    /** Everything else the document carried: violations, planId, holder, ... */
    readonly members: Record<string, unknown> = {},
    readonly retryAfterSeconds?: number,
  ) {
    super(detail ?? title);
    this.name = 'ApiProblem';
  }

  get violations(): { field: string; message: string }[] {
    const list = this.members.violations;
    if (!Array.isArray(list)) return [];
    return list.map((v: unknown) => {
      if (typeof v === 'string') return { field: '', message: v };
      const entry = v as { field?: string; path?: string; message?: string };
      return { field: entry.field ?? entry.path ?? '', message: entry.message ?? '' };
    });
  }
}

export function networkProblem(): ApiProblem {
  return new ApiProblem(0, 'network', 'No answer from Skein', undefined);
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('Retry-After'));
  const seconds = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return new ApiProblem(
      response.status,
      typeof body.code === 'string' ? body.code : `http_${response.status}`,
      typeof body.title === 'string' ? body.title : response.statusText || `HTTP ${response.status}`,
      typeof body.detail === 'string' ? body.detail : undefined,
      body,
      seconds,
    );
  } catch {
    return new ApiProblem(
      response.status,
      `http_${response.status}`,
      response.statusText || `HTTP ${response.status}`,
      undefined,
      {},
      seconds,
    );
  }
}

/** Every call turns silence into {@link networkProblem} itself, so what arrives here otherwise is a fault of this page. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(
    0,
    'client',
    'This page hit a fault',
    error instanceof Error ? error.message : undefined,
  );
}
