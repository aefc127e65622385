import { Fragment } from 'react';
import { Link } from '@tanstack/react-router';
import { middleCut } from '@/ui/format';

const PLAN = /(plan [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/;

/** A reason as the services wrote it, with the plans it names as links: whoever waits wants to see for what. */
export function Reason({ text }: { text: string }) {
  return (
    <>
      {text.split(PLAN).map((part, index) => {
        const id = PLAN.test(part) ? part.slice(5) : undefined;
        return (
          <Fragment key={index}>
            {id ? (
              <Link
                to="/plans/$id"
                params={{ id }}
                search={{}}
                title={id}
                className="text-accent underline underline-offset-2"
              >
                plan {middleCut(id, 8, 4)}
              </Link>
            ) : (
              part
            )}
          </Fragment>
        );
      })}
    </>
  );
}
