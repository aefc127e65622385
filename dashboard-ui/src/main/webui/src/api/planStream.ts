import { apiPath, authorizedFetch } from './client';
import { SseParser } from './sse';
import type { StreamEvent } from './types';

/**
 * How the live view is doing.
 *
 *   connecting -> live -> (cut) -> reconnecting -> live
 *                      -> (terminal status, server closes) -> ended
 *   reconnecting, POLL_AFTER tries without an answer -> polling (REST every few seconds, still trying to reconnect) -> live
 *
 * Invariant: an event is handed on once and in order of `seq`; a reconnect asks for everything after the last one.
 */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'ended';

export const POLL_AFTER = 3;
const MAX_BACKOFF_MS = 10_000;
/** The server sends a comment at least this often; silence beyond it is a dead connection the browser has not noticed. */
const SILENCE_MS = 45_000;

export interface PlanStreamOptions {
  planId: string;
  onEvents: (events: StreamEvent[]) => void;
  onState: (state: StreamState) => void;
  /** True once the plan can have no further events; asked when the server closes the stream. */
  isOver: () => boolean | Promise<boolean>;
  backoffMs?: (attempt: number) => number;
}

export function defaultBackoff(attempt: number): number {
  return Math.min(MAX_BACKOFF_MS, 400 * 2 ** (attempt - 1)) * (0.75 + Math.random() * 0.5);
}

export class PlanStream {
  private lastSeq = 0;
  private attempt = 0;
  private stopped = false;
  private controller: AbortController | undefined;
  private wake: (() => void) | undefined;
  private retryNow = () => this.wake?.();

  constructor(private readonly options: PlanStreamOptions) {}

  start(): void {
    window.addEventListener('online', this.retryNow);
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener('online', this.retryNow);
    this.controller?.abort();
    this.wake?.();
  }

  private async run(): Promise<void> {
    this.options.onState('connecting');
    while (!this.stopped) {
      const answered = await this.connectOnce();
      if (this.stopped) return;
      if (answered && (await Promise.resolve(this.options.isOver()).catch(() => false))) {
        this.options.onState('ended');
        window.removeEventListener('online', this.retryNow);
        return;
      }
      this.attempt += 1;
      this.options.onState(this.attempt > POLL_AFTER ? 'polling' : 'reconnecting');
      await this.pause((this.options.backoffMs ?? defaultBackoff)(this.attempt));
    }
  }

  /** Returns true when the server answered with a stream, however short. */
  private async connectOnce(): Promise<boolean> {
    const controller = new AbortController();
    this.controller = controller;
    let silence: number | undefined;
    const heard = () => {
      window.clearTimeout(silence);
      silence = window.setTimeout(() => controller.abort(), SILENCE_MS);
    };
    try {
      heard();
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastSeq > 0) headers['Last-Event-ID'] = String(this.lastSeq);
      const response = await authorizedFetch(
        apiPath(`/plans/${encodeURIComponent(this.options.planId)}/stream`),
        { headers, signal: controller.signal, cache: 'no-store' },
      );
      if (!response.ok || !response.body) return false;
      this.attempt = 0;
      this.options.onState('live');
      const batch: StreamEvent[] = [];
      const parser = new SseParser((event) => {
        const parsed = this.accept(event.data);
        if (parsed) batch.push(parsed);
      });
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        heard();
        parser.push(decoder.decode(value, { stream: true }));
        if (batch.length > 0) this.options.onEvents(batch.splice(0));
      }
    } catch {
      return false;
    } finally {
      window.clearTimeout(silence);
    }
  }

  private accept(data: string): StreamEvent | undefined {
    let event: StreamEvent;
    try {
      event = JSON.parse(data) as StreamEvent;
    } catch {
      return undefined;
    }
    if (typeof event.seq !== 'number' || event.seq <= this.lastSeq) return undefined;
    this.lastSeq = event.seq;
    return event;
  }

  private pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, millis);
      this.wake = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }
}
