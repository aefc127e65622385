import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import { useUser } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { cx } from '@/ui/cx';
import { pagesFor } from './pages';

interface Choice {
  id: string;
  group: string;
  label: string;
  hint?: string;
  run: () => void;
}

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={messages.palette.title}>
      <PaletteBody onClose={onClose} />
    </Dialog>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const user = useUser();
  const plans = useQuery(queries.recentPlans());
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const needle = query.trim().toLowerCase();
  const fits = (text: string) => needle === '' || text.toLowerCase().includes(needle);

  const choices: Choice[] = [
    ...pagesFor(user)
      .filter((page) => fits(page.label))
      .map((page) => ({
        id: page.to,
        group: messages.palette.pages,
        label: page.label,
        hint: `g ${page.key}`,
        run: () => void navigate({ to: page.to }),
      })),
    ...(plans.data?.items ?? [])
      .filter((plan) => fits(plan.text) || plan.id.startsWith(needle))
      .slice(0, needle ? 8 : 5)
      .map((plan) => ({
        id: plan.id,
        group: messages.palette.recent,
        label: plan.text,
        hint: messages.plans.status[plan.status],
        run: () => void navigate({ to: '/plans/$id', params: { id: plan.id } }),
      })),
    ...(needle.length > 2
      ? [
          {
            id: 'ask',
            group: messages.palette.askGroup,
            label: messages.palette.ask(query.trim()),
            run: () => void navigate({ to: '/', search: { ask: query.trim() } }),
          },
        ]
      : []),
  ];
  const current = Math.min(at, Math.max(0, choices.length - 1));
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };
  return (
    <div>
      <Input
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={choices[current] ? `palette-${current}` : undefined}
        aria-label={messages.palette.title}
        placeholder={messages.palette.placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setAt((current + step + choices.length) % Math.max(1, choices.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            choose(choices[current]);
          }
        }}
      />
      <ul
        id="palette-list"
        role="listbox"
        aria-label={messages.palette.title}
        className="mt-3 max-h-[46vh] overflow-auto"
      >
        {choices.map((choice, index) => (
          // The input keeps the focus and the keys; a row only takes the pointer.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={choice.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(choice)}
            className={cx(
              'flex cursor-pointer items-baseline justify-between gap-4 rounded-1 px-3 py-2 text-sm',
              index === current ? 'bg-accent-soft' : 'hover:bg-sunken',
            )}
          >
            <span className="truncate">{choice.label}</span>
            <span className="shrink-0 text-xs text-ink-3">{choice.hint ?? choice.group}</span>
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className="px-3 text-sm text-ink-2">{messages.palette.nothing}</p>}
      <p className="mt-3 text-xs text-ink-3">{messages.palette.hint}</p>
    </div>
  );
}
