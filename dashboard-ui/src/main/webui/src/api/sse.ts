export interface ServerSentEvent {
  id?: string;
  event: string;
  data: string;
}

/**
 * Reads `text/event-stream` piece by piece. fetch() is used instead of EventSource because EventSource cannot send a bearer
 * token; so the framing has to be read here. Pieces may be cut anywhere, also inside a line.
 */
export class SseParser {
  private rest = '';
  private id: string | undefined;
  private event = '';
  private data: string[] = [];

  constructor(private readonly onEvent: (event: ServerSentEvent) => void) {}

  push(piece: string): void {
    this.rest += piece;
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r/);
      if (end < 0) return;
      // A lone \r at the very end may be the first half of \r\n: wait for the rest.
      if (this.rest[end] === '\r' && end === this.rest.length - 1) return;
      const width = this.rest.startsWith('\r\n', end) ? 2 : 1;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + width);
      this.line(line);
    }
  }

  private line(line: string): void {
    if (line === '') {
      if (this.data.length > 0) {
        this.onEvent({ id: this.id, event: this.event || 'message', data: this.data.join('\n') });
      }
      this.event = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.event = value;
    else if (field === 'id') this.id = value;
  }
}
