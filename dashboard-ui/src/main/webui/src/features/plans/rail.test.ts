import { expect, it } from 'vitest';
import { railBelow } from './rail';

const rails = (...dependsOn: number[][]) => {
  const steps = dependsOn.map((each, index) => ({ number: index + 1, dependsOn: each }));
  return steps.map((_, index) => railBelow(steps, index));
};

it('joins a chain, passes a parallel branch by, and leaves strangers alone', () => {
  expect(rails([], [1], [2])).toEqual(['waits', 'waits', undefined]);
  expect(rails([], [], [1, 2])).toEqual(['passing', 'waits', undefined]);
  expect(rails([], [], [])).toEqual([undefined, undefined, undefined]);
});
