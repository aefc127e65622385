import { useId } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/api';
import type { Question } from '@/api/types';
import { messages } from '@/messages';
import { FilterSelect, Input } from '@/ui/Field';
import { variableNames, type Answer } from './answers';

const text = messages.plans.questions;

/** Where to run: any name the inventories know, offered while typing. */
export function PlaceInput({ value, onChange }: { value: string; onChange: (place: string) => void }) {
  const listId = useId();
  const inventories = useQuery({
    queryKey: ['inventories'],
    queryFn: ({ signal }) => api.inventories(signal),
  });
  const names = new Set(
    (inventories.data?.items ?? []).flatMap((inventory) => [
      inventory.name,
      ...(inventory.groups ?? []).map((group) => group.name),
      ...(inventory.hosts ?? []).map((host) => host.name),
    ]),
  );
  return (
    <>
      <Input
        list={listId}
        aria-label={text.place}
        placeholder={text.place}
        className="max-w-[420px]"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={listId}>
        {[...names].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** A value, and which variable it is for where the words fit several. */
export function ValueInput({
  question,
  answer,
  onAnswer,
}: {
  question: Question;
  answer: Answer | undefined;
  onAnswer: (answer: Answer | undefined) => void;
}) {
  const names = variableNames(question);
  const current = answer && 'value' in answer ? answer : { value: '' };
  const variable = current.variable ?? '';
  const set = (next: { value: string; variable?: string }) =>
    onAnswer(next.value === '' && !next.variable ? undefined : next);
  return (
    <div className="flex max-w-[560px] flex-wrap gap-2">
      {names.length > 1 && (
        <FilterSelect
          label={text.whichVariable}
          value={variable}
          className="font-mono"
          onChange={(event) => set({ ...current, variable: event.target.value || undefined })}
          options={[
            { value: '', label: text.whichVariable },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
      <Input
        aria-label={text.fill(names.length === 1 ? (names[0] ?? '') : variable || text.whichVariable)}
        placeholder={names.length === 1 ? names[0] : variable}
        className="max-w-[420px] font-mono"
        value={current.value}
        onChange={(event) => set({ ...current, value: event.target.value })}
      />
    </div>
  );
}

/** Nothing comes close: whoever knows better picks any playbook that can be run. */
export function PlaybookSelect({ value, onChange }: { value: string; onChange: (path: string) => void }) {
  const playbooks = useQuery({
    queryKey: ['playbooks'],
    queryFn: ({ signal }) => api.playbooks({ size: 200, signal }),
  });
  const usable = (playbooks.data?.items ?? []).filter((playbook) => !playbook.broken);
  return (
    <FilterSelect
      label={text.whichPlaybook}
      value={value}
      className="!min-h-10 w-full max-w-[560px]"
      onChange={(event) => onChange(event.target.value)}
      options={[
        { value: '', label: text.whichPlaybook },
        ...usable.map((playbook) => ({
          value: playbook.path,
          label: playbook.name ? `${playbook.name} (${playbook.path})` : playbook.path,
        })),
      ]}
    />
  );
}
