import { useState, type KeyboardEvent } from 'react';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Field, TextArea } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { useQuestion } from './useQuestion';

const MAX = 2000;

/** A question about a plan, whose answer becomes the next message of the conversation and does nothing else. */
export function QuestionBox({ sessionId }: { sessionId: string }) {
  const [text, setText] = useState('');
  const question = useQuestion(sessionId);
  const operator = useRole('operator');
  if (!operator) return null;

  const trimmed = text.trim();
  const submit = () => {
    if (trimmed && !question.isPending) question.mutate(trimmed, { onSuccess: () => setText('') });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      // It is this field's, not the page's, which would make a plan.
      event.stopPropagation();
      event.preventDefault();
      submit();
    }
  };
  return (
    <form
      className="mb-6 grid gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label={messages.session.question}>
        {(id) => (
          <TextArea
            id={id}
            rows={2}
            maxLength={MAX}
            placeholder={messages.session.questionPlaceholder}
            value={text}
            readOnly={question.isPending}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-sm text-ink-3">{messages.session.questionHint}</p>
        <Button
          type="submit"
          className="max-sm:w-full"
          busy={question.isPending}
          busyText={messages.session.questionBusy}
          disabled={!trimmed}
        >
          {messages.session.questionSubmit}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {question.isSuccess ? messages.session.answered : ''}
      </p>
      {question.error && <Problem error={question.error} />}
    </form>
  );
}
