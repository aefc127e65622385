import { cx } from '@/ui/cx';
import { readDiff } from './runLog';

export function DiffView({ diff }: { diff: unknown }) {
  const parts = readDiff(diff);
  return (
    <div className="grid gap-3">
      {parts.map((part, index) => (
        <div key={index} className="overflow-hidden rounded-2 border border-line bg-surface">
          {part.header && (
            <div className="border-b border-line px-3 py-2 font-mono text-sm break-all">{part.header}</div>
          )}
          <pre className="overflow-x-auto font-mono text-[12.5px] leading-[1.6]">
            {part.lines.map((line, row) => (
              <span
                key={row}
                className={cx(
                  'block min-w-fit px-3',
                  line.kind === 'add' && 'bg-add',
                  line.kind === 'del' && 'bg-del',
                )}
              >
                {line.text || ' '}
              </span>
            ))}
          </pre>
        </div>
      ))}
    </div>
  );
}
