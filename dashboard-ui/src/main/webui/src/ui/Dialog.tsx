import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { messages } from '@/messages';
import { cx } from './cx';

/**
 * The browser's own modal dialog: focus trap, Escape, inert background and top layer without a line of script, and without
 * the style elements that script libraries inject (the page's CSP refuses those).
 */
export function Dialog({
  open,
  onClose,
  title,
  lead,
  children,
  wide = false,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: string;
  children: ReactNode;
  wide?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const pressedOutside = useRef(false);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      // The browser would take the close button, the first thing that can be focused.
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);
  useLayoutEffect(() => {
    const dialog = ref.current;
    // Closed before it is taken out of the page: only then does the focus go back to where it came from.
    return () => dialog?.close();
  }, []);
  return (
    // Escape and the close button are the keyboard's way; the click handler only adds the backdrop.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      // A press that begins inside may end on the backdrop, because the dialog shrinks under it: that is no wish to close.
      onPointerDown={(event) => {
        pressedOutside.current = event.target === ref.current;
      }}
      onClick={(event) => {
        if (event.target === ref.current && pressedOutside.current) onClose();
      }}
      className={cx(
        'm-auto w-[calc(100vw-24px)] rounded-3 border border-line bg-surface p-0 text-ink max-h-[calc(100dvh-24px)]',
        wide ? 'max-w-[760px]' : 'max-w-[520px]',
      )}
    >
      {open && (
        <div className="p-5 sm:p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={titleId} className="text-lg font-[620] tracking-[-0.01em]">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              aria-label={messages.states.close}
              className="-m-1 rounded-1 p-2 text-ink-3 hover:bg-sunken hover:text-ink"
            >
              <svg
                width="12"
                height="12"
                viewBox="0 0 12 12"
                stroke="currentColor"
                strokeWidth="1.8"
                strokeLinecap="round"
                aria-hidden
              >
                <path d="M2 2l8 8M10 2l-8 8" />
              </svg>
            </button>
          </div>
          {lead && <p className="mt-1 text-sm text-ink-2">{lead}</p>}
          <div className="mt-4">{children}</div>
        </div>
      )}
    </dialog>
  );
}
