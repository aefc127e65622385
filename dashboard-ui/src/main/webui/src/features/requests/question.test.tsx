import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { resetForTests } from '@/api/session';
import type { SessionMessage, User } from '@/api/types';
import { problem, type Call } from '@/test/fakeApi';
import { aPlan, vic } from '@/test/fixtures';
import { accessibilityFaults, renderApp } from '@/test/renderApp';

afterEach(() => {
  // Unmounted first: an app that is still there would answer the sign-out with a refresh of its own.
  cleanup();
  resetForTests();
});

const LABEL = 'A question about the newest plan here';
const SUBMIT = 'Ask about the plan';

const said = (id: string, role: string, text: string, by?: string): SessionMessage => ({
  id,
  role,
  text,
  planId: 'p1',
  createdAt: '2026-01-01T10:00:00Z',
  by,
});

/** A conversation with one plan, in which a question is answered so. */
function conversation(answer: (call: Call) => unknown, user?: User) {
  const thread = [said('m1', 'user', 'Deploy it')];
  const view = renderApp(
    '/sessions/s1',
    {
      'GET /plans': () => ({ items: [{ ...aPlan({ status: 'failed' }), steps: 2 }] }),
      'GET /sessions/s1': () => ({ id: 's1', title: 'Deploy it', createdAt: '2026-01-01T10:00:00Z' }),
      'GET /sessions/s1/messages': () => ({ items: [...thread] }),
      'POST /sessions/s1/messages': answer,
    },
    user,
  );
  return { ...view, thread };
}

const asked = (calls: Call[]) =>
  calls.filter((call) => call.method === 'POST' && call.path.endsWith('/messages'));

describe('a question about a plan', () => {
  it('is answered in the conversation, as text, with who says so', async () => {
    let answered = () => {};
    const { calls, thread } = conversation(async () => {
      await new Promise<void>((done) => (answered = done));
      thread.push(said('m2', 'user', 'Why did it fail?'));
      thread.push(
        said('m3', 'assistant', 'The disk <img src=x onerror=alert(1)> is full.', 'ollama/qwen3:14b'),
      );
      return thread[2];
    });
    const field = await screen.findByLabelText<HTMLTextAreaElement>(LABEL);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: SUBMIT }).disabled).toBe(true);
    await userEvent.type(field, ' Why did it fail? ');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: SUBMIT }));

    const busy = await screen.findByRole<HTMLButtonElement>('button', { name: 'Waiting for the answer…' });
    expect(busy.disabled).toBe(true);
    expect(field.readOnly).toBe(true);
    answered();

    expect(await screen.findByText('The disk <img src=x onerror=alert(1)> is full.')).toBeDefined();
    expect(document.querySelector('main img')).toBeNull();
    expect(screen.getByText(/answered by ollama\/qwen3:14b/)).toBeDefined();
    await waitFor(() => expect(field.value).toBe(''));
    expect(screen.getByRole('status').textContent).toBe('The answer is there.');
    expect(asked(calls).map((call) => call.body)).toEqual([{ text: 'Why did it fail?' }]);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows what the API says where no model is configured', async () => {
    const text = "It waits for its approval. (Read off the plan's state: no LLM is configured.)";
    const { thread } = conversation(() => {
      thread.push(said('m2', 'user', 'And now?'), said('m3', 'assistant', text, 'embedded'));
      return thread[2];
    });
    await userEvent.type(await screen.findByLabelText(LABEL), 'And now?{Control>}{Enter}{/Control}');
    expect(await screen.findByText(text)).toBeDefined();
    expect(screen.queryByText(/answered by/)).toBeNull();
  });

  it('keeps the words and the key when it is refused, and says why', async () => {
    let archived = true;
    const { calls, thread } = conversation(() => {
      if (archived) {
        return problem(409, 'illegal_transition', { detail: 'The session is archived. Restore it first.' });
      }
      thread.push(said('m2', 'user', 'Why?'), said('m3', 'assistant', 'Because.', 'embedded'));
      return thread[2];
    });
    const field = await screen.findByLabelText<HTMLTextAreaElement>(LABEL);
    await userEvent.type(field, 'Why?');
    await userEvent.click(screen.getByRole('button', { name: SUBMIT }));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'The session is archived. Restore it first.',
    );
    expect(field.value).toBe('Why?');
    archived = false;
    await userEvent.click(screen.getByRole('button', { name: SUBMIT }));
    expect(await screen.findByText('Because.')).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
    const keys = asked(calls).map((call) => call.headers.get('Idempotency-Key'));
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
  });

  it('is not offered to who may only read', async () => {
    conversation(() => problem(403, 'forbidden'), vic);
    expect(await screen.findByText('Deploy it', { selector: 'li p' })).toBeDefined();
    expect(screen.queryByLabelText(LABEL)).toBeNull();
  });

  it('shows a conversation to its end, however long it is', async () => {
    renderApp('/sessions/s1', {
      'GET /sessions/s1': () => ({ id: 's1', createdAt: '2026-01-01T10:00:00Z' }),
      'GET /sessions/s1/messages': (call) =>
        call.query.get('after')
          ? { items: [said('m201', 'assistant', 'the newest')] }
          : { items: [said('m1', 'user', 'the oldest')], next: 'm1' },
    });
    expect(await screen.findByText('the newest')).toBeDefined();
    expect(screen.getByText('the oldest')).toBeDefined();
  });
});
