import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { cx } from './cx';

const box =
  'rounded-1 border border-line-strong bg-surface text-ink focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent disabled:opacity-60';

export function Field({
  label,
  hideLabel,
  children,
}: {
  label: string;
  hideLabel?: boolean;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm font-[560] text-ink-2'}>
        {label}
      </label>
      {children(id)}
    </div>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return (
    <input className={cx(box, 'min-h-10 w-full px-3 py-2 text-[16px] sm:text-md', className)} {...rest} />
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <textarea
      className={cx(box, 'w-full resize-y px-3 py-2 text-[16px] sm:text-md', className)}
      rows={3}
      {...rest}
    />
  );
}

/** Small controls for the filter rows above tables. */
export function FilterInput({
  label,
  className,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string }) {
  return (
    <input
      aria-label={label}
      placeholder={rest.placeholder ?? label}
      className={cx(box, 'min-h-8 px-2.5 py-1 text-[16px] sm:text-sm', className)}
      {...rest}
    />
  );
}

export function FilterSelect({
  label,
  options,
  className,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { label: string; options: { value: string; label: string }[] }) {
  return (
    <select
      aria-label={label}
      className={cx(box, 'min-h-8 px-2 py-1 text-[16px] sm:text-sm', className)}
      {...rest}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
