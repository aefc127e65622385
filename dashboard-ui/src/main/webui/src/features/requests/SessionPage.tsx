import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { PlanSummary, SessionMessage } from '@/api/types';
import { AskBox } from '@/features/plans/AskBox';
import { PlanPill } from '@/features/plans/PlanPill';
import { summaryFacts } from '@/features/plans/summaryFacts';
import { messages } from '@/messages';
import { Page } from '@/ui/Page';
import { Empty, QueryView } from '@/ui/QueryView';
import { Ago } from '@/ui/Time';
import { QuestionBox } from './QuestionBox';

function Answer({ message, plan }: { message: SessionMessage; plan: PlanSummary | undefined }) {
  if (!message.planId) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 border-l-2 border-line-strong pl-3 text-sm text-ink-2">
      {plan && <PlanPill status={plan.status} />}
      {plan && summaryFacts(plan).map((fact) => <span key={fact}>{fact}</span>)}
      <Link
        to="/plans/$id"
        params={{ id: message.planId }}
        search={{}}
        data-row
        className="text-accent underline underline-offset-2"
      >
        {messages.session.openPlan}
      </Link>
    </div>
  );
}

/** Where no model was heard, the text says so itself. */
const model = (message: SessionMessage) => (message.by && message.by !== 'embedded' ? message.by : undefined);

/** What was asked in one conversation, in order, each with its plan; asking here goes on in it. */
export function SessionPage() {
  const { id } = useParams({ from: '/sessions/$id' });
  const thread = useQuery(queries.messages(id));
  const session = useQuery(queries.session(id));
  const plans = useQuery(queries.recentPlans());
  const byId = new Map(plans.data?.items.map((plan) => [plan.id, plan]));
  return (
    <Page
      title={session.data?.title || messages.session.title}
      crumb={<Link to="/requests">{messages.session.crumb} /</Link>}
    >
      <div className="max-w-[820px]">
        <QueryView
          query={thread}
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty title={messages.session.empty} />}
        >
          {({ items }) => (
            <ol className="mb-6">
              {items.map((message, index) => {
                const person = message.role === 'user';
                const last = items[index + 1]?.planId !== message.planId;
                const by = model(message);
                return (
                  <li key={message.id} className={person ? 'border-t border-line pt-4 pb-4' : 'pb-4'}>
                    <p
                      className={
                        person
                          ? 'font-[560] break-words whitespace-pre-line'
                          : 'text-sm break-words whitespace-pre-line text-ink-2'
                      }
                    >
                      {message.text}
                    </p>
                    <p className="text-xs text-ink-3">
                      {by && `${messages.session.by(by)}, `}
                      <Ago at={message.createdAt} />
                    </p>
                    {last && (
                      <Answer
                        message={message}
                        plan={message.planId ? byId.get(message.planId) : undefined}
                      />
                    )}
                  </li>
                );
              })}
            </ol>
          )}
        </QueryView>
        {thread.data?.items.some((message) => message.planId) && <QuestionBox sessionId={id} />}
        <AskBox sessionId={id} label={messages.session.again} placeholder={messages.session.again} />
      </div>
    </Page>
  );
}
