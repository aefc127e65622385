import { expect, it } from 'vitest';
import { bytes, dollars, duration, middleCut, outline, relative } from './format';

it('says durations in at most two units', () => {
  expect(duration(0.24)).toBe('240 ms');
  expect(duration(100)).toBe('1 min 40 s');
  expect(duration(3600)).toBe('1 h');
  expect(duration(90_061)).toBe('1 d 1 h');
  expect(duration(undefined)).toBeUndefined();
});

it('says sizes as people do', () => {
  expect(bytes(22_548_578_304)).toBe('21 GB');
  expect(bytes(536_870_912)).toBe('512 MB');
  expect(bytes(1_610_612_736)).toBe('1.5 GB');
});

it('says money with two digits that mean something', () => {
  expect(dollars(12.5)).toBe('$12.50');
  expect(dollars(0.0125)).toBe('$0.013');
  expect(dollars(0.000_42)).toBe('$0.00042');
  expect(dollars(0)).toBe('$0.00');
});

it('cuts in the middle, never at the end', () => {
  expect(middleCut('9f2c0000000041aa')).toBe('9f2c…41aa');
  expect(middleCut('short')).toBe('short');
});

it('says when, before and after now', () => {
  const now = Date.parse('2026-01-01T00:10:00Z');
  expect(relative('2026-01-01T00:06:00Z', now)).toBe('4 min ago');
  expect(relative('2026-01-01T00:10:25Z', now)).toBe('in 25 s');
});

it('names what is in a list instead of printing it', () => {
  expect(outline([{ name: 'Photos' }, { name: 'Files' }])).toBe('2: Photos, Files');
  expect(outline([1, 2, 3, 4, 5, 6])).toBe('6: 1, 2, 3, 4, 5, …');
  expect(outline({ a: 1 })).toBe('1: a');
});
