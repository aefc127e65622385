import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/api';
import { messages } from '@/messages';

const SHOWN = 4;

/** What a new fleet can be asked, taken from the playbooks really found, one phrase of each. */
export function FirstSteps() {
  const playbooks = useQuery({
    queryKey: ['playbooks'],
    queryFn: ({ signal }) => api.playbooks({ size: 200, signal }),
  });
  const phrases = (playbooks.data?.items ?? [])
    .filter((playbook) => !playbook.broken)
    .flatMap((playbook) => playbook.examples?.[0] ?? playbook.name ?? [])
    .slice(0, SHOWN);
  return (
    <section className="mt-8">
      <p className="max-w-[64ch] text-sm text-ink-2">{messages.home.first}</p>
      {phrases.length > 0 && (
        <>
          <h2 className="title-2 mt-6 border-b border-line pb-2">{messages.home.examples}</h2>
          <ul>
            {phrases.map((phrase) => (
              <li key={phrase} className="border-b border-line">
                <Link
                  to="/"
                  search={{ ask: phrase }}
                  data-row
                  className="-mx-2 block rounded-1 px-2 py-2.5 hover:bg-surface"
                >
                  {phrase}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
