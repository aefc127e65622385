import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { AgentDefinition, LiveAgent } from '@/api/types';
import { messages } from '@/messages';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { percent } from '@/ui/format';

const text = messages.fleet.agents;

function LiveTable({ agents }: { agents: LiveAgent[] }) {
  const { columns } = text;
  return (
    <Table
      caption={text.live}
      columns={[
        { label: columns.agent },
        { label: columns.state },
        { label: columns.type, wide: true },
        { label: columns.node },
        { label: columns.busy },
        { label: columns.success, wide: true },
        { label: columns.capabilities, wide: true },
        { label: columns.heartbeat, wide: true },
      ]}
    >
      {agents.map((agent) => (
        <Row key={agent.agentId}>
          <Cell>
            <span className="block font-mono font-[560]" data-row tabIndex={-1}>
              {agent.agentId}
            </span>
            {agent.version && <span className="text-xs text-ink-3">{agent.version}</span>}
          </Cell>
          <Cell>
            <State tone={agent.online ? 'ok' : 'bad'}>{agent.online ? text.online : text.offline}</State>
          </Cell>
          <Cell wide>{agent.agentType}</Cell>
          <Cell>
            {agent.node && (
              <Link to="/nodes" className="font-mono text-accent underline underline-offset-2">
                {agent.node}
              </Link>
            )}
          </Cell>
          <Cell className="num">{text.busy(agent.busy ?? 0, agent.slots ?? 0)}</Cell>
          <Cell wide className="num">
            {agent.successRate === null || agent.successRate === undefined ? (
              <span className="text-ink-3">{text.noHistory}</span>
            ) : (
              text.success(percent(agent.successRate), agent.tasks ?? 0)
            )}
          </Cell>
          <Cell wide className="font-mono text-xs">
            {(agent.capabilities ?? []).join(' ')}
          </Cell>
          <Cell wide className="text-ink-2">
            <Ago at={agent.lastHeartbeatAt} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** Definitions come with their metadata beside or inside; both are read. */
function meta(definition: AgentDefinition, name: keyof AgentDefinition): string {
  const value = definition[name] ?? definition.metadata?.[name];
  return typeof value === 'string' ? value : '';
}

function triggerTypes(definition: AgentDefinition): string {
  const types = (definition.triggers ?? []).map((trigger) => {
    if (typeof trigger === 'string') return trigger;
    const each = trigger as { eventType?: string; event_type?: string; event?: string; type?: string };
    return each.eventType ?? each.event_type ?? each.event ?? each.type ?? '';
  });
  return types.filter(Boolean).join(' ');
}

export function AgentsPage() {
  const live = useQuery(queries.liveAgents());
  const definitions = useQuery(queries.agentDefinitions());
  const { definitionColumns: columns } = text;
  return (
    <Page title={text.title} lead={text.lead}>
      <section>
        <h2 className="title-2 mb-1">{text.live}</h2>
        <QueryView
          query={live}
          rows={3}
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty title={text.empty} body={text.emptyBody} />}
        >
          {({ items }) => <LiveTable agents={items} />}
        </QueryView>
      </section>
      <section className="mt-8">
        <h2 className="title-2 mb-1">{text.definitions}</h2>
        <QueryView
          query={definitions}
          rows={3}
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty title={text.definitionsEmpty} />}
        >
          {({ items }) => (
            <Table
              caption={text.definitions}
              columns={[
                { label: columns.id },
                { label: columns.type },
                { label: columns.version },
                { label: columns.triggers, wide: true },
                { label: columns.description, wide: true },
              ]}
            >
              {items.map((definition) => (
                <Row key={`${definition.id} ${meta(definition, 'version')}`}>
                  <Cell>
                    <span className="block font-[560]" data-row tabIndex={-1}>
                      {meta(definition, 'name') || definition.id}
                    </span>
                    <span className="font-mono text-xs text-ink-3">{definition.id}</span>
                  </Cell>
                  <Cell>{meta(definition, 'type').replaceAll('_', ' ')}</Cell>
                  <Cell className="num">{meta(definition, 'version')}</Cell>
                  <Cell wide className="font-mono text-xs">
                    {triggerTypes(definition) || (
                      <span className="font-ui text-sm text-ink-3">{text.onDemand}</span>
                    )}
                  </Cell>
                  <Cell wide className="max-w-[52ch] text-ink-2">
                    {meta(definition, 'description')}
                  </Cell>
                </Row>
              ))}
            </Table>
          )}
        </QueryView>
      </section>
    </Page>
  );
}
