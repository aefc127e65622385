import { useEffect, useState } from 'react';
import { messages } from '@/messages';
import { copyText } from './copyText';
import { cx } from './cx';
import { middleCut } from './format';

/** An id, hash or path in mono, cut in the middle; a click copies all of it. */
export function Copyable({
  text,
  label,
  head,
  tail,
  className,
}: {
  text: string;
  label: string;
  head?: number;
  tail?: number;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      title={text}
      aria-label={`${messages.states.copy(label)}: ${text}`}
      className={cx(
        'rounded-[4px] px-1 -mx-1 font-mono text-[0.96em] hover:bg-sunken hover:text-ink text-left',
        className,
      )}
      onClick={() => {
        void copyText(text).then(setCopied);
      }}
    >
      {copied ? messages.states.copied : middleCut(text, head, tail)}
      <span className="sr-only" role="status">
        {copied ? messages.states.copied : ''}
      </span>
    </button>
  );
}
