import { api, once, type Schemas, take } from '../api';
import { words } from '../format';
import { useLive } from '../live';
import { ask, Ask, Badge, Card, Code, Do, Empty, Fact, Facts, List, Shown, State, Time, useList } from '../parts';
import { askFor } from './orgs';

type Webhook = Schemas['Webhook'];

const own = '/api/v1/admin/orgs/{org}/webhook';
const all = '/api/v1/admin/webhook';

/** The webhook of an organisation, or without one of the deployment; null where there is none. */
const find = async (org?: string): Promise<{ webhook: Webhook | null }> => {
  const { data, error, response } = org
    ? await api.GET(own, { params: { path: { org } } })
    : await api.GET(all);
  return { webhook: response.status === 404 ? null : await take(Promise.resolve({ data, error, response })) };
};

const showSecret = (made: Webhook) =>
  ask({
    title: 'The secret of the webhook',
    body: (
      <>
        <p>Copy it now: it is shown here once. The receiver checks each notice with it.</p>
        <Code what="The secret" text={made.secret ?? ''} />
      </>
    ),
  });

/** Where notices are sent, with a test at the press of a button. */
export const WebhookCard = ({ org }: { org?: string }) => {
  const live = useLive(() => find(org), [org]);
  const set = (webhook: Webhook | null) =>
    askFor({
      title: org ? `The webhook of ${org}` : 'The webhook of this deployment',
      note: 'Each notice is posted there as JSON and signed. The secret of a new webhook is shown once.',
      action: 'Save',
      fields: [
        { name: 'url', label: 'Address', value: webhook?.url ?? 'https://', required: true, type: 'url' },
        {
          name: 'events',
          label: 'Types of notices',
          value: webhook?.events?.join(', ') ?? '',
          hint: 'E.g. limit.reached, credit.low; empty for all.',
        },
      ],
      send: async values => {
        const events = values.events.split(',').map(name => name.trim()).filter(name => name);
        const body = { url: values.url, ...(events.length ? { events: events as 'limit.reached'[] } : {}) };
        const made = await take(
          org
            ? api.PUT(own, { params: { path: { org }, header: once() }, body })
            : api.PUT(all, { params: { header: once() }, body }),
        );
        live.again();
        if (made.secret) showSecret(made);
      },
    });
  const rotate = async () => {
    const made = await take(
      org
        ? api.POST(`${own}/rotate`, { params: { path: { org }, header: once() } })
        : api.POST(`${all}/rotate`, { params: { header: once() } }),
    );
    live.again();
    showSecret(made);
  };
  const remove = async () => {
    await take(
      org
        ? api.DELETE(own, { params: { path: { org }, header: once() } })
        : api.DELETE(all, { params: { header: once() } }),
    );
    live.again();
  };
  const test = async () => {
    const said = await take(
      org ? api.POST(`${own}/test`, { params: { path: { org } } }) : api.POST(`${all}/test`),
    );
    ask({
      title: said.delivered ? 'The test was delivered' : 'The test was not delivered',
      body: (
        <p role="status">
          {said.error ?? `The receiver answered ${said.status}.`} It took {said.ms} ms.
        </p>
      ),
    });
  };
  const webhook = live.data?.webhook;
  return (
    <Card
      title="Webhook"
      note={org ? 'Notices of this organisation go there.' : 'Notices of this deployment and of all organisations go there.'}
      actions={
        <>
          {webhook && <Do label="Send a test" run={test} />}
          {webhook && (
            <Ask
              label="New secret"
              question={{
                title: 'Make a new secret?',
                action: 'Make it',
                body: <p>It is shown once. The one before signs beside it for a day.</p>,
                send: rotate,
              }}
            />
          )}
          {webhook && (
            <Ask
              label="Remove"
              question={{
                title: 'Remove the webhook?',
                danger: true,
                body: <p>Notices that wait for it are given up, and no more are made.</p>,
                send: remove,
              }}
            />
          )}
          <button onClick={() => set(webhook ?? null)}>{webhook ? 'Change' : 'Set a webhook'}</button>
        </>
      }
    >
      <Shown live={live}>
        {({ webhook: found }) =>
          found ? (
            <Facts>
              <Fact label="Address">{found.url}</Fact>
              <Fact label="Types">{found.events?.join(', ') ?? 'all'}</Fact>
              <Fact label="State">
                <State of={found} />
              </Fact>
            </Facts>
          ) : (
            <Empty>None: nobody is told of limits, alarms or low credit.</Empty>
          )
        }
      </Shown>
    </Card>
  );
};

const tone = { waiting: 'warn', delivered: 'free', failed: 'bad' } as const;

/** What was sent, what waits and what was given up. */
export const NoticesCard = () => {
  const list = useList(cursor =>
    take(api.GET('/api/v1/admin/notices', { params: { query: { limit: 10, cursor } } })),
  );
  return (
    <Card title="Notices">
      <List
        live={list}
        caption="Notices"
        empty="No notice was made yet."
        columns={[
          { head: 'Made', cell: notice => <Time at={notice.created_at} /> },
          { head: 'Type', cell: notice => notice.type },
          { head: 'For', cell: notice => notice.webhook ?? 'this deployment' },
          { head: 'State', cell: notice => <Badge tone={tone[notice.status as 'failed']}>{words(notice.status)}</Badge> },
          { head: 'Tries', figure: true, cell: notice => notice.attempts },
          { head: 'Next try', cell: notice => <Time at={notice.next_at} /> },
          { head: 'Why not', cell: notice => notice.error ?? '–' },
        ]}
      />
    </Card>
  );
};
