import { beforeEach, expect, it } from 'vitest';
import { inOneTab } from './tabLock';

beforeEach(() => localStorage.clear());

it('lets one in at a time, also without navigator.locks', async () => {
  expect('locks' in navigator).toBe(false);
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 30));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => inOneTab('test', work)));
  expect(most).toBe(1);
  expect(localStorage.length).toBe(0);
});

it('gives the place back when the work fails, and takes it from a tab that died', async () => {
  await expect(inOneTab('test', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  localStorage.setItem('test', `dead ${Date.now() - 1}`);
  await expect(inOneTab('test', () => Promise.resolve('in'))).resolves.toBe('in');
});
