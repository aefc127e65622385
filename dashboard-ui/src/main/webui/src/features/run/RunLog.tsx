import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { FilterInput, FilterSelect } from '@/ui/Field';
import { LogRow } from './LogRow';
import { filterLines, hostsOf, noFilter, type LogFilter, type LogLine } from './runLog';

const OUTCOMES = ['ok', 'changed', 'failed', 'skipped', 'unreachable'] as const;
const AT_END_PX = 24;

/** The log follows its end until somebody scrolls up; from then on new lines only announce themselves. */
export function RunLog({
  lines,
  step,
  stepName,
  onAllSteps,
  over,
}: {
  lines: readonly LogLine[];
  step: number | undefined;
  stepName?: string;
  onAllSteps: () => void;
  over: boolean;
}) {
  const [filter, setFilter] = useState<LogFilter>(noFilter);
  const [follow, setFollow] = useState(!over);
  const [seen, setSeen] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const hosts = useMemo(() => hostsOf(lines), [lines]);
  const shown = useMemo(() => filterLines(lines, { ...filter, step }), [lines, filter, step]);
  const fresh = follow ? 0 : Math.max(0, shown.length - seen);

  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, shown]);
  useEffect(() => {
    if (follow) setSeen(shown.length);
  }, [follow, shown.length]);

  const onScroll = () => {
    const el = box.current;
    if (!el) return;
    const atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < AT_END_PX;
    if (atEnd !== follow && el.scrollHeight > el.clientHeight) {
      setFollow(atEnd);
      setSeen(shown.length);
    }
  };
  const set = (part: Partial<LogFilter>) => setFilter({ ...filter, ...part });
  return (
    <div className="relative grid min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-8">
        <FilterInput
          type="search"
          label={messages.run.log.search}
          value={filter.text}
          className="min-w-0 flex-1 basis-[150px]"
          onChange={(event) => set({ text: event.target.value })}
        />
        <FilterSelect
          label={messages.run.log.outcome}
          value={filter.outcome}
          onChange={(event) => set({ outcome: event.target.value })}
          options={[
            { value: '', label: messages.run.log.anyOutcome },
            ...OUTCOMES.map((value) => ({ value, label: messages.run.outcome[value] })),
          ]}
        />
        {hosts.length > 1 && (
          <FilterSelect
            label={messages.run.log.host}
            value={filter.host}
            onChange={(event) => set({ host: event.target.value })}
            options={[
              { value: '', label: messages.run.log.anyHost },
              ...hosts.map((value) => ({ value, label: value })),
            ]}
          />
        )}
        {step !== undefined && (
          <Button small look="quiet" onClick={onAllSteps} title={stepName}>
            {messages.plans.questions.step(step)} ×
          </Button>
        )}
        <span className="num ml-auto text-xs text-ink-3">
          {messages.run.log.shown(shown.length, lines.length)}
        </span>
      </div>
      <div
        ref={box}
        role="region"
        aria-label={messages.run.log.label}
        // A scrolling region must be reachable by keyboard to be scrolled by it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={onScroll}
        className="max-md:max-h-[62dvh] overflow-auto outline-offset-[-2px]"
      >
        {shown.length === 0 ? (
          <p className="px-4 py-5 text-sm text-ink-2 sm:px-8">
            {lines.length > 0
              ? messages.run.log.noMatch
              : over
                ? messages.run.log.nothing
                : messages.run.log.waiting}
          </p>
        ) : (
          <ol>
            {shown.map((line) => (
              <LogRow key={line.seq} line={line} oneHost={hosts.length < 2} />
            ))}
          </ol>
        )}
      </div>
      {fresh > 0 && (
        <button
          type="button"
          onClick={() => setFollow(true)}
          className="num absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full border border-accent bg-accent px-4 py-1.5 text-sm font-[560] text-accent-ink"
        >
          {messages.run.log.newLines(fresh)}
        </button>
      )}
    </div>
  );
}
