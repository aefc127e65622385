import { expect, it } from 'vitest';
import { SseParser, type ServerSentEvent } from './sse';

function read(...pieces: string[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parser = new SseParser((event) => events.push(event));
  pieces.forEach((piece) => parser.push(piece));
  return events;
}

it('reads id, event and data', () => {
  expect(read('id: 7\nevent: task\ndata: {"seq":7}\n\n')).toEqual([
    { id: '7', event: 'task', data: '{"seq":7}' },
  ]);
});

it('does not care where the pieces are cut', () => {
  const text = 'id: 1\r\nevent: plan\r\ndata: a\r\ndata: b\r\n\r\nid:2\ndata:c\n\n';
  const whole = read(text);
  for (let at = 1; at < text.length; at++) expect(read(text.slice(0, at), text.slice(at))).toEqual(whole);
  expect(whole.map((event) => event.data)).toEqual(['a\nb', 'c']);
});

it('skips comments and an event that never ended', () => {
  expect(read(': keep-alive\n\n', 'data: half\n')).toEqual([]);
});
