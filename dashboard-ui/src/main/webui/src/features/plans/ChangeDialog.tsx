import { useState } from 'react';
import * as Tabs from '@radix-ui/react-tabs';
import type { Plan, Step } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, Input, TextArea } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { cx } from '@/ui/cx';
import { emptyDraft, move, setDropped, setValue, shownValue, toChange, type Draft } from './changes';
import { sourceText } from './StepDetail';
import type { usePlanAction } from './usePlanAction';

type Action = ReturnType<typeof usePlanAction>;
interface Props {
  plan: Plan;
  open: boolean;
  onClose: () => void;
  action: Action;
}

export const tabClass =
  'border-b-2 border-transparent px-1 pb-2 text-sm font-[560] text-ink-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink';

export function ChangeDialog(props: Props) {
  return (
    <Dialog
      wide
      open={props.open}
      onClose={props.onClose}
      title={messages.plans.change.title}
      lead={messages.plans.change.lead}
    >
      <ChangeBody {...props} />
    </Dialog>
  );
}

function StepEditor({
  step,
  draft,
  onDraft,
  first,
  last,
}: {
  step: Step;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  first: boolean;
  last: boolean;
}) {
  const dropped = draft.dropped.has(step.number);
  return (
    <li className="border-b border-line py-4 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className={cx('min-w-0', dropped && 'line-through opacity-60')}>
          <span className="block font-[580]">{step.name}</span>
          <span className="block font-mono text-xs break-all text-ink-3">{step.playbook}</span>
        </div>
        <div className="flex gap-1">
          <Button
            small
            look="quiet"
            disabled={first}
            aria-label={messages.plans.change.up(step.name)}
            onClick={() => onDraft(move(draft, step.number, -1))}
          >
            {messages.plans.change.upShort}
          </Button>
          <Button
            small
            look="quiet"
            disabled={last}
            aria-label={messages.plans.change.down(step.name)}
            onClick={() => onDraft(move(draft, step.number, 1))}
          >
            {messages.plans.change.downShort}
          </Button>
          <Button
            small
            aria-pressed={dropped}
            onClick={() => onDraft(setDropped(draft, step.number, !dropped))}
          >
            {dropped ? messages.plans.change.keep : messages.plans.change.drop}
          </Button>
        </div>
      </div>
      {!dropped && (step.variables ?? []).length > 0 && (
        <div className="mt-3 grid gap-2">
          {(step.variables ?? []).map((variable) => {
            const id = `var-${step.number}-${variable.name}`;
            return (
              <div
                key={variable.name}
                className="grid items-center gap-x-3 gap-y-1 text-sm sm:grid-cols-[150px_1fr_150px]"
              >
                <label htmlFor={id} className="font-mono break-all text-ink-2">
                  {variable.name}
                </label>
                <Input
                  id={id}
                  type={variable.secret ? 'password' : 'text'}
                  autoComplete="off"
                  placeholder={variable.secret ? messages.plans.secret : undefined}
                  className="!min-h-8 !py-1 font-mono sm:!text-sm"
                  value={draft.values.get(step.number)?.get(variable.name) ?? shownValue(variable)}
                  onChange={(event) =>
                    onDraft(setValue(draft, step.number, variable.name, event.target.value))
                  }
                />
                <span className="truncate text-ink-3" title={sourceText(variable)}>
                  {sourceText(variable)}
                </span>
              </div>
            );
          })}
        </div>
      )}
    </li>
  );
}

function ChangeBody({ plan, onClose, action }: Props) {
  const [draft, setDraft] = useState(() => emptyDraft(plan));
  const [words, setWords] = useState('');
  const [tab, setTab] = useState(plan.steps.length > 0 ? 'hand' : 'words');
  const allDropped = plan.steps.length > 0 && draft.dropped.size === plan.steps.length;
  const text = words.trim();
  const change =
    tab === 'words' ? (text ? { text } : undefined) : allDropped ? undefined : toChange(plan, draft);
  const byNumber = new Map(plan.steps.map((step) => [step.number, step]));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (change) action.mutate({ kind: 'modify', change }, { onSuccess: onClose });
      }}
    >
      <Tabs.Root value={tab} onValueChange={setTab}>
        <Tabs.List className="mb-4 flex gap-5 border-b border-line" aria-label={messages.plans.change.title}>
          <Tabs.Trigger value="hand" className={tabClass} disabled={plan.steps.length === 0}>
            {messages.plans.change.byHand}
          </Tabs.Trigger>
          <Tabs.Trigger value="words" className={tabClass}>
            {messages.plans.change.inWords}
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="hand" className="max-h-[52vh] min-h-[180px] overflow-auto px-0.5">
          <ol>
            {draft.order.map((number, index) => {
              const step = byNumber.get(number);
              return (
                step && (
                  <StepEditor
                    key={step.id}
                    step={step}
                    draft={draft}
                    onDraft={setDraft}
                    first={index === 0}
                    last={index === draft.order.length - 1}
                  />
                )
              );
            })}
          </ol>
        </Tabs.Content>
        <Tabs.Content value="words" className="min-h-[180px]">
          <Field label={messages.plans.change.words}>
            {(id) => (
              <TextArea
                id={id}
                rows={4}
                maxLength={8000}
                placeholder={messages.plans.change.wordsPlaceholder}
                value={words}
                onChange={(event) => setWords(event.target.value)}
              />
            )}
          </Field>
        </Tabs.Content>
      </Tabs.Root>
      {action.error && (
        <div className="mt-4">
          <Problem error={action.error} />
        </div>
      )}
      <div className="mt-5 flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto text-sm text-ink-3">
          {tab === 'hand' &&
            (allDropped ? messages.plans.change.allDropped : !change && messages.plans.change.nothing)}
        </p>
        <Button onClick={onClose}>{messages.states.cancel}</Button>
        <Button
          type="submit"
          look="go"
          disabled={!change}
          busy={action.isPending}
          busyText={messages.plans.questions.busy}
        >
          {messages.plans.change.submit}
        </Button>
      </div>
    </form>
  );
}
