import { newKey } from './key';

const HELD_MS = 8_000;
const LOOK_MS = 40;

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

function holder(key: string): string | undefined {
  const [owner, until] = (localStorage.getItem(key) ?? '').split(' ');
  return owner && Number(until) > Date.now() ? owner : undefined;
}

/**
 * Runs `work` in one tab at a time. Over plain http from another machine the browser withholds navigator.locks; there a note
 * in localStorage does, written, and looked at again after a moment, because two tabs may write at once.
 */
export async function inOneTab<T>(name: string, work: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) return await navigator.locks.request(name, work);
  const me = newKey();
  const giveUp = Date.now() + HELD_MS;
  while (Date.now() < giveUp) {
    if (holder(name) === undefined) {
      localStorage.setItem(name, `${me} ${Date.now() + HELD_MS}`);
      await pause(LOOK_MS);
      if (holder(name) === me) break;
    }
    await pause(LOOK_MS * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    if (holder(name) === me) localStorage.removeItem(name);
  }
}
