import { expect, it } from 'vitest';
import { aPlan, aStep } from '@/test/fixtures';
import { toModification, type Answer } from './answers';
import { emptyDraft, move, setDropped, setValue, toChange, typed } from './changes';

it('sends only what differs, in the kind it had', () => {
  const plan = aPlan();
  const draft = emptyDraft(plan);
  expect(toChange(plan, draft)).toBeUndefined();
  expect(toChange(plan, setValue(draft, 1, 'kuma_port', '3001'))).toBeUndefined();
  expect(toChange(plan, setValue(draft, 1, 'kuma_port', '3002'))).toEqual({
    steps: [{ id: 'step-1', number: 1, variables: { kuma_port: 3002 } }],
  });
});

it('drops and reorders steps, and a dropped step carries no other change', () => {
  const plan = aPlan({ steps: [aStep(1), aStep(2), aStep(3)] });
  const moved = move(emptyDraft(plan), 3, -1);
  expect(toChange(plan, moved)).toEqual({ order: [1, 3, 2] });
  const dropped = setDropped(setValue(moved, 2, 'kuma_port', '1'), 2, true);
  expect(toChange(plan, dropped)).toEqual({ steps: [{ id: 'step-2', number: 2, drop: true }] });
  expect(move(emptyDraft(plan), 1, -1).order).toEqual([1, 2, 3]);
});

it('never sends a secret that nobody typed', () => {
  const plan = aPlan({
    steps: [
      aStep(1, { variables: [{ name: 'pw', value: '[redacted]', source: 'inventory', secret: true }] }),
    ],
  });
  expect(toChange(plan, emptyDraft(plan))).toBeUndefined();
  expect(toChange(plan, setValue(emptyDraft(plan), 1, 'pw', 's3'))?.steps?.[0]?.variables).toEqual({
    pw: 's3',
  });
});

it('keeps the kind of a value', () => {
  expect(typed('5', 3)).toBe(5);
  expect(typed('five', 3)).toBe('five');
  expect(typed('5', '3')).toBe('5');
  expect(typed('false', true)).toBe(false);
  expect(typed('[1]', [])).toEqual([1]);
  expect(typed('[1', [])).toBe('[1');
});

it('makes one change per step of several answers', () => {
  const plan = aPlan({
    questions: [
      { code: 'ambiguous', stepNumber: 1, message: '', candidates: [{ playbook: 'a.yml' }] },
      { code: 'missing_variable', stepNumber: 2, message: '', variable: 'x' },
      { code: 'missing_variable', stepNumber: 2, message: '', variable: 'y' },
    ],
  });
  expect(toModification(plan, new Map())).toBeUndefined();
  expect(
    toModification(
      plan,
      new Map<number, Answer>([
        [0, { playbook: 'a.yml' }],
        [1, { value: ' 1 ' }],
        [2, { value: '2' }],
      ]),
    ),
  ).toEqual({
    steps: [
      { id: 'step-1', number: 1, playbook: 'a.yml' },
      { id: 'step-2', number: 2, variables: { x: '1', y: '2' } },
    ],
  });
  expect(
    toModification(
      plan,
      new Map<number, Answer>([
        [1, { value: '1' }],
        [2, { drop: true }],
      ]),
    ),
  ).toEqual({ steps: [{ id: 'step-2', number: 2, drop: true }] });
});

it('answers a question whose words became no step yet by those words', () => {
  const plan = aPlan({
    questions: [
      { code: 'ambiguous', clause: 'back it up', message: '', candidates: [{ playbook: 'b.yml' }] },
      { code: 'unknown_intent', clause: 'sing a song', message: '' },
      { code: 'unknown_target', stepNumber: 1, message: '' },
      { code: 'ambiguous', stepNumber: 2, message: '', variable: 'http_port|https_port' },
    ],
  });
  expect(
    toModification(
      plan,
      new Map<number, Answer>([
        [0, { playbook: 'b.yml' }],
        [1, { drop: true }],
        [2, { place: ' homelab ' }],
        [3, { variable: 'https_port', value: '8443' }],
      ]),
    ),
  ).toEqual({
    steps: [
      { clause: 'back it up', playbook: 'b.yml' },
      { clause: 'sing a song', drop: true },
      { id: 'step-1', number: 1, inventory: 'homelab' },
      { id: 'step-2', number: 2, variables: { https_port: '8443' } },
    ],
  });
  // Which of the two is meant has to be said: a value alone answers nothing.
  expect(toModification(plan, new Map<number, Answer>([[3, { value: '8443' }]]))).toBeUndefined();
});
