import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { asProblem } from '@/api/problem';
import { useMainKey } from '@/app/useGlobalKeys';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button, Kbd, mainKeys } from '@/ui/Button';
import { Problem } from '@/ui/Problem';
import { cx } from '@/ui/cx';
import { useAsk } from './useAsk';

const MAX = 8000;

export function AskBox({
  label,
  placeholder,
  initial = '',
  sessionId,
  big = false,
}: {
  label: string;
  placeholder?: string;
  initial?: string;
  sessionId?: string;
  big?: boolean;
}) {
  const id = useId();
  const [text, setText] = useState(initial);
  const field = useRef<HTMLTextAreaElement>(null);
  const ask = useAsk();
  const navigate = useNavigate();
  const operator = useRole('operator');
  useEffect(() => {
    if (initial) {
      setText(initial);
      field.current?.focus();
    }
  }, [initial]);

  const trimmed = text.trim();
  const { mutate, isPending } = ask;
  const submit = useCallback(() => {
    if (trimmed && !isPending) mutate({ text: trimmed, sessionId });
  }, [trimmed, isPending, mutate, sessionId]);
  useMainKey(operator && trimmed ? submit : undefined);

  if (!operator) return <p className="text-sm text-ink-2">{messages.home.viewerCannotAsk}</p>;
  const problem = ask.error ? asProblem(ask.error) : undefined;
  const existing = problem?.members.planId;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <div className="rounded-2 border border-line-strong bg-surface focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-soft)]">
        <textarea
          ref={field}
          id={id}
          value={text}
          maxLength={MAX}
          rows={big ? 3 : 2}
          placeholder={placeholder}
          onChange={(event) => setText(event.target.value)}
          className={cx(
            'block w-full resize-none bg-transparent px-4 pt-3.5 pb-1 outline-none [field-sizing:content]',
            big ? 'min-h-[88px] text-lg' : 'min-h-[52px] text-[16px] sm:text-md',
          )}
        />
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-3 pt-1 pb-3">
          <p className="pl-1 text-sm text-ink-3">
            {text.length > MAX - 500 ? (
              <span className="num">
                {text.length} / {MAX}
              </span>
            ) : (
              messages.home.hint
            )}
          </p>
          <Button
            type="submit"
            look="go"
            className="max-sm:w-full"
            busy={isPending}
            busyText={messages.home.busy}
            disabled={!trimmed}
          >
            {messages.home.submit}
            <Kbd className="hidden sm:inline">{mainKeys}</Kbd>
          </Button>
        </div>
      </div>
      {problem && (
        <div className="mt-3">
          <Problem error={problem}>
            {problem.code === 'duplicate_request' && (
              <>
                {typeof existing === 'string' && (
                  <Button
                    small
                    look="go"
                    onClick={() => void navigate({ to: '/plans/$id', params: { id: existing }, search: {} })}
                  >
                    {messages.plans.duplicate.open}
                  </Button>
                )}
                <Button small onClick={() => mutate({ text: trimmed, sessionId, allowDuplicate: true })}>
                  {messages.plans.duplicate.again}
                </Button>
              </>
            )}
          </Problem>
        </div>
      )}
    </form>
  );
}
