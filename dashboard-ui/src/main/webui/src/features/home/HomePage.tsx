import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { activeStatuses, isTerminal, queries, waitingStatuses } from '@/api/queries';
import type { PlanSummary } from '@/api/types';
import { AskBox } from '@/features/plans/AskBox';
import { PlanRow } from '@/features/plans/PlanRow';
import { messages } from '@/messages';
import { FirstSteps } from './FirstSteps';
import { useTitle } from '@/ui/Page';
import { QueryView } from '@/ui/QueryView';

function Section({
  title,
  plans,
  none,
  big,
}: {
  title: string;
  plans: PlanSummary[];
  none?: string;
  big?: boolean;
}) {
  return (
    <section className="mt-8">
      <h2 className="title-2 border-b border-line pb-2">
        {title} {plans.length > 0 && <span className="num font-[400] text-ink-3">{plans.length}</span>}
      </h2>
      {plans.length === 0 && none && <p className="py-3 text-sm text-ink-3">{none}</p>}
      <ul>
        {plans.map((plan) => (
          <PlanRow key={plan.id} plan={plan} big={big} />
        ))}
      </ul>
    </section>
  );
}

export function HomePage() {
  useTitle(messages.nav.home);
  const plans = useQuery(queries.recentPlans());
  const search = useSearch({ strict: false });
  const ask = 'ask' in search ? search.ask : undefined;
  return (
    <div className="mx-auto max-w-[820px] px-4 pt-8 pb-12 sm:px-8 md:pt-14">
      <h1 className="title-1 mb-4 !text-[26px]">{messages.home.title}</h1>
      <AskBox big label={messages.home.askLabel} placeholder={messages.home.placeholder} initial={ask} />
      <QueryView query={plans} rows={4}>
        {({ items }) => {
          const done = items.filter((plan) => isTerminal(plan.status)).slice(0, 8);
          if (items.length === 0) {
            return <FirstSteps />;
          }
          return (
            <>
              <Section
                big
                title={messages.home.waiting}
                none={messages.home.waitingNobody}
                plans={items.filter((plan) => waitingStatuses.has(plan.status))}
              />
              <Section
                title={messages.home.running}
                none={messages.home.runningNothing}
                plans={items.filter((plan) => activeStatuses.has(plan.status))}
              />
              {done.length > 0 && (
                <>
                  <Section title={messages.home.recent} plans={done} />
                  <Link
                    to="/requests"
                    className="mt-3 inline-block text-sm text-accent underline underline-offset-2"
                  >
                    {messages.home.recentAll}
                  </Link>
                </>
              )}
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
