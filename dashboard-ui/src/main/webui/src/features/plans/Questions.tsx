import { useId, useState } from 'react';
import type { Plan, Question } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Mark } from '@/ui/Mark';
import { percent } from '@/ui/format';
import { answerKind, toModification, type Answer } from './answers';
import { PlaceInput, PlaybookSelect, ValueInput } from './AnswerInputs';
import type { usePlanAction } from './usePlanAction';

function Choice({
  group,
  checked,
  onChoose,
  children,
}: {
  group: string;
  checked: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3 rounded-1 border border-line bg-surface px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft md:min-h-9">
      <input type="radio" name={group} checked={checked} onChange={onChoose} className="accent-(--accent)" />
      {children}
    </label>
  );
}

function OneQuestion({
  question,
  answer,
  onAnswer,
  droppable,
  onSayAgain,
  onForget,
}: {
  question: Question;
  answer: Answer | undefined;
  onAnswer: (answer: Answer | undefined) => void;
  droppable: boolean;
  onSayAgain: () => void;
  onForget?: () => void;
}) {
  const group = useId();
  const candidates = question.candidates ?? [];
  const kind = answerKind(question);
  const ofStep = question.stepNumber != null;
  return (
    <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      <legend className="mb-1.5">
        <span className="block font-[580] break-words">{question.message}</span>
        {(question.clause || question.stepNumber) && (
          <span className="block text-sm text-ink-3">
            {[
              question.clause ? messages.plans.questions.forClause(question.clause) : '',
              question.stepNumber ? messages.plans.questions.step(question.stepNumber) : '',
            ]
              .filter(Boolean)
              .join(', ')}
          </span>
        )}
      </legend>
      {kind === 'value' && <ValueInput question={question} answer={answer} onAnswer={onAnswer} />}
      {kind === 'any-playbook' && (
        <PlaybookSelect
          value={answer && 'playbook' in answer ? answer.playbook : ''}
          onChange={(playbook) => onAnswer(playbook === '' ? undefined : { playbook })}
        />
      )}
      {kind === 'words' && (
        <div className="flex flex-wrap gap-2">
          <Button small onClick={onSayAgain}>
            {messages.plans.questions.sayAgain}
          </Button>
          {onForget && (
            <Button small onClick={onForget}>
              {messages.plans.questions.forget}
            </Button>
          )}
        </div>
      )}
      {kind === 'place' && (
        <PlaceInput
          value={answer && 'place' in answer ? answer.place : ''}
          onChange={(place) => onAnswer(place === '' ? undefined : { place })}
        />
      )}
      {(kind === 'choice' ? candidates : []).map((candidate) => (
        <Choice
          key={candidate.playbook}
          group={group}
          checked={Boolean(answer && 'playbook' in answer && answer.playbook === candidate.playbook)}
          onChoose={() => onAnswer({ playbook: candidate.playbook })}
        >
          <span className="min-w-0 flex-1">
            <span className="block font-[560] break-words">{candidate.name ?? candidate.playbook}</span>
            {candidate.name && (
              <span className="block font-mono text-xs break-all text-ink-3">{candidate.playbook}</span>
            )}
          </span>
          {candidate.confidence !== undefined && (
            <span className="num shrink-0 text-ink-2">
              {messages.plans.questions.confidence(percent(candidate.confidence))}
            </span>
          )}
        </Choice>
      ))}
      {droppable && (ofStep || question.clause) && kind !== 'words' && (
        <Choice
          group={group}
          checked={Boolean(answer && 'drop' in answer)}
          onChoose={() => onAnswer({ drop: true })}
        >
          {ofStep ? messages.plans.questions.dropStep : messages.plans.questions.dropClause}
        </Choice>
      )}
    </fieldset>
  );
}

/** The next human decision of a plan that needs input, and so the biggest thing on its page. */
export function Questions({
  plan,
  action,
  onSayAgain,
}: {
  plan: Plan;
  action: ReturnType<typeof usePlanAction>;
  onSayAgain: () => void;
}) {
  const [answers, setAnswers] = useState<ReadonlyMap<number, Answer>>(new Map());
  const operator = useRole('operator');
  const questions = plan.questions ?? [];
  if (questions.length === 0) return null;
  const change = toModification(plan, answers);
  // Any change makes a version without what could not be read; this one changes nothing else.
  const forget = () =>
    action.mutate({ kind: 'modify', change: { order: plan.steps.map((step) => step.number) } });
  return (
    <section aria-labelledby="questions-title" className="rounded-2 border border-wait bg-bg p-4 sm:p-5">
      <h2
        id="questions-title"
        className="mb-4 flex items-center gap-2 text-lg font-[600] tracking-[-0.01em] text-wait"
      >
        <Mark tone="wait" />
        {messages.plans.questions.title(questions.length)}
      </h2>
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (change) action.mutate({ kind: 'modify', change });
        }}
      >
        {questions.map((question, index) => (
          <OneQuestion
            key={index}
            question={question}
            answer={answers.get(index)}
            onSayAgain={onSayAgain}
            onForget={plan.steps.length > 0 ? forget : undefined}
            droppable={plan.steps.length + questions.filter((each) => each.stepNumber == null).length > 1}
            onAnswer={(answer) => {
              const next = new Map(answers);
              if (answer) next.set(index, answer);
              else next.delete(index);
              setAnswers(next);
            }}
          />
        ))}
        {operator ? (
          <Button
            type="submit"
            look="go"
            className="justify-self-start"
            disabled={!change}
            busy={action.isPending && action.variables?.kind === 'modify'}
            busyText={messages.plans.questions.busy}
          >
            {messages.plans.questions.submit}
          </Button>
        ) : (
          <p className="text-sm text-ink-2">{messages.plans.questions.viewer}</p>
        )}
      </form>
    </section>
  );
}
