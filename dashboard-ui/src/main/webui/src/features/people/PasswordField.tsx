import { useState } from 'react';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Copyable } from '@/ui/Copyable';
import { Field, Input } from '@/ui/Field';
import { madeUpPassword } from './madeUpPassword';

/** A password for somebody else: typed, or made up and then shown, because it has to be passed on. */
export function PasswordField({
  label,
  value,
  onChange,
  autofocus,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autofocus?: boolean;
}) {
  const [madeUp, setMadeUp] = useState('');
  const shown = madeUp !== '' && madeUp === value;
  return (
    <Field label={label}>
      {(id) => (
        <>
          <div className="flex gap-2">
            <Input
              id={id}
              type="password"
              autoComplete="new-password"
              data-autofocus={autofocus || undefined}
              aria-describedby={`${id}-hint`}
              required
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
            <Button
              onClick={() => {
                const made = madeUpPassword();
                setMadeUp(made);
                onChange(made);
              }}
            >
              {messages.people.generate}
            </Button>
          </div>
          <p id={`${id}-hint`} className="text-xs text-ink-3">
            {shown ? messages.people.shown : messages.people.rules}
          </p>
          {shown && <Copyable text={madeUp} label={label} head={40} className="justify-self-start text-sm" />}
        </>
      )}
    </Field>
  );
}
