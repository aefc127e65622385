const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

export function bytes(n: number | null | undefined): string | undefined {
  if (n === null || n === undefined || n <= 0) return n === 0 ? '0 GB' : undefined;
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${UNITS[unit]}`;
}

/** "1 min 40 s": the two largest units, never more. */
export function duration(seconds: number | null | undefined): string | undefined {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return undefined;
  if (seconds < 0) return '0 s';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ''}`;
  if (whole < 86_400) {
    const minutes = Math.floor((whole % 3600) / 60);
    return `${Math.floor(whole / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  const hours = Math.floor((whole % 86_400) / 3600);
  return `${Math.floor(whole / 86_400)} d${hours ? ` ${hours} h` : ''}`;
}

/** "$0.0042": two digits that mean something, and cents at least. */
export function dollars(usd: number): string {
  const digits = usd > 0 && usd < 0.1 ? Math.min(6, 1 - Math.floor(Math.log10(usd))) : 2;
  return `$${usd.toFixed(digits)}`;
}

export function secondsBetween(from?: string | null, to?: string | number | null): number | undefined {
  if (!from || to === null || to === undefined) return undefined;
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}

export function relative(at: string | number | Date, now: number): string {
  const seconds = (now - new Date(at).getTime()) / 1000;
  const future = seconds < -1;
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const text =
    size < 60
      ? `${Math.floor(size)} s`
      : size < 3600
        ? `${Math.floor(size / 60)} min`
        : size < 86_400
          ? `${Math.floor(size / 3600)} h`
          : size < 86_400 * 60
            ? `${Math.floor(size / 86_400)} d`
            : `${Math.floor(size / (86_400 * 30))} months`;
  return future ? `in ${text}` : `${text} ago`;
}

export function absolute(at: string | number | Date): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? String(at)
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

export function clock(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString('en-GB', { hour12: false });
}

/** Ids, hashes and paths are cut in the middle: both ends are what people compare. */
export function middleCut(text: string, head = 4, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

export function percent(fraction: number | null | undefined): number {
  if (fraction === null || fraction === undefined || Number.isNaN(fraction)) return 0;
  return Math.round(Math.min(1, Math.max(0, fraction)) * 100);
}

export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A list or object in a few words: "4: Photos, Files, Wiki, Router". */
export function outline(value: object): string {
  const parts = Array.isArray(value)
    ? value.map((each: unknown) => {
        const name: unknown = typeof each === 'object' && each !== null && 'name' in each ? each.name : each;
        return typeof name === 'object' ? '…' : String(name);
      })
    : Object.keys(value);
  const shown = parts.slice(0, 5).join(', ');
  return `${parts.length}: ${shown}${parts.length > 5 ? ', …' : ''}`;
}
