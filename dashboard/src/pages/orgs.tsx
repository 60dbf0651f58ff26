import { useState } from 'preact/hooks';
import { api, once, type Schemas, take } from '../api';
import { number, plural, usd } from '../format';
import { Limits } from '../limits';
import { useLive } from '../live';
import {
  ask,
  Ask,
  Card,
  Check,
  Code,
  Fact,
  Facts,
  Field,
  List,
  Page,
  Shown,
  State,
  Table,
  Time,
  useList,
} from '../parts';
import { go } from '../route';
import { ActivityTable } from './activity';
import { Refusals } from './limits';
import { WebhookCard } from './notices';
import { type LoadUsage, RefusedByDay, UseByDay, UseTable } from './usage';

type Org = Schemas['AdminOrg'];
type Key = Schemas['AdminKey'];

const within = 'Every instance goes by it within 30 seconds.';

/** Shows a new secret, once. */
export const showSecret = (made: { id: string; secret?: string }): void =>
  ask({
    title: `The secret of ${made.id}`,
    body: (
      <>
        <p>Copy it now: it is shown here once and stored nowhere. Who has lost it gets a new one by rotation.</p>
        <Code what="The secret" text={made.secret ?? ''} />
      </>
    ),
  });

/** Opens a dialog with fields whose values are sent when it is confirmed. */
function askFor(question: {
  title: string;
  note: string;
  action: string;
  danger?: boolean;
  fields: readonly {
    name: string;
    label: string;
    hint?: string;
    required?: boolean;
    type?: string;
    value?: string;
  }[];
  send: (values: Record<string, string>) => Promise<unknown>;
}): void {
  const values: Record<string, string> = Object.fromEntries(
    question.fields.map(field => [field.name, field.value ?? '']),
  );
  const Fields = () => {
    const [, again] = useState(0);
    return (
      <>
        <p>{question.note}</p>
        {question.fields.map(({ name, ...field }) => (
          <Field
            {...field}
            value={values[name]}
            set={value => {
              values[name] = value;
              again(count => count + 1);
            }}
          />
        ))}
      </>
    );
  };
  ask({ ...question, body: <Fields />, send: () => question.send(values) });
}

export { askFor };

export const OrgsPage = () => {
  const [deleted, setDeleted] = useState(false);
  const list = useList(
    cursor =>
      take(
        api.GET('/api/v1/admin/orgs', {
          params: { query: { limit: 25, cursor, include: deleted ? 'deleted' : undefined } },
        }),
      ),
    [deleted],
  );
  const create = () =>
    askFor({
      title: 'A new organisation',
      note: 'Quotas and credit belong to an organisation; its keys share them. It begins without credit.',
      action: 'Create',
      fields: [
        {
          name: 'id',
          label: 'Id',
          required: true,
          hint: 'Letters, digits and dashes. It is never given again.',
        },
        { name: 'name', label: 'Name' },
        { name: 'plan', label: 'Plan', hint: 'Empty for the default plan.' },
      ],
      send: async values => {
        const body = {
          id: values.id,
          name: values.name || values.id,
          ...(values.plan ? { plan: values.plan } : {}),
        };
        await take(api.POST('/api/v1/admin/orgs', { params: { header: once() }, body }));
        go('orgs', values.id);
      },
    });
  return (
    <Page
      title="Organisations"
      actions={
        <button class="main" onClick={create}>
          New organisation
        </button>
      }
    >
      <Card title="All organisations">
        <Check label="Show those that were taken away" value={deleted} set={setDeleted} />
        <List
          live={list}
          caption="Organisations"
          open={org => go('orgs', org.id)}
          empty="No organisation yet. Create one, then give it a key."
          columns={[
            { head: 'Id', cell: org => org.id },
            { head: 'Name', cell: org => org.name },
            { head: 'Plan', cell: org => org.plan ?? <small>default</small> },
            { head: 'State', cell: row => <State of={row} /> },
            { head: 'Bought', figure: true, cell: org => usd(org.purchased_usd) },
            {
              head: 'Monthly ceiling',
              figure: true,
              cell: org => (org.monthly_ceiling_usd ? usd(org.monthly_ceiling_usd) : '–'),
            },
          ]}
        />
      </Card>
    </Page>
  );
};

const Keys = ({ org }: { org: string }) => {
  const list = useList(
    cursor =>
      take(
        api.GET('/api/v1/admin/orgs/{org}/keys', {
          params: { path: { org }, query: { limit: 25, cursor } },
        }),
      ),
    [org],
  );
  const path = (key: Key) => ({ org, key: key.id });
  const create = () =>
    askFor({
      title: `A new key for ${org}`,
      note: "It takes from the organisation's quotas and credit. Its secret is shown once.",
      action: 'Create key',
      fields: [
        { name: 'id', label: 'Id', hint: 'Empty for one that is made up.' },
        { name: 'label', label: 'Label' },
        {
          name: 'daily',
          label: 'Requests a day',
          type: 'number',
          hint: 'A limit of this key alone; empty for none.',
        },
        { name: 'ceiling', label: 'Monthly ceiling in USD', hint: 'Empty for none.' },
      ],
      send: async values => {
        const made = await take(
          api.POST('/api/v1/admin/orgs/{org}/keys', {
            params: { path: { org }, header: once() },
            body: {
              ...(values.id ? { id: values.id } : {}),
              ...(values.label ? { label: values.label } : {}),
              ...(values.ceiling ? { monthly_ceiling_usd: values.ceiling } : {}),
              ...(values.daily ? { limits: [{ unit: 'requests', amount: Number(values.daily), window: 'day' }] } : {}),
            },
          }),
        );
        list.again();
        showSecret(made);
      },
    });
  const rotate = (key: Key) =>
    askFor({
      title: `Rotate ${key.id}`,
      note: 'The key gets a new secret, shown once. The old one works on for the overlap, then it is refused.',
      action: 'Rotate',
      danger: true,
      fields: [{ name: 'overlap', label: 'Overlap in hours', type: 'number', value: '24', required: true }],
      send: async values => {
        const made = await take(
          api.POST('/api/v1/admin/orgs/{org}/keys/{key}/rotate', {
            params: { path: path(key), header: once() },
            body: { overlap_seconds: Number(values.overlap) * 3600 },
          }),
        );
        list.again();
        showSecret(made);
      },
    });
  const patch = async (key: Key, body: object) => {
    await take(
      api.PATCH('/api/v1/admin/orgs/{org}/keys/{key}', { params: { path: path(key), header: once() }, body }),
    );
    list.again();
  };
  const change = (key: Key, disabled: boolean) => patch(key, { disabled });
  const edit = (key: Key) =>
    askFor({
      title: `Change ${key.id}`,
      note: `A first ceiling counts what is spent from now on; another amount leaves what was counted. ${within}`,
      action: 'Change',
      fields: [
        { name: 'label', label: 'Label', value: key.label },
        {
          name: 'ceiling',
          label: 'Monthly ceiling in USD',
          value: key.monthly_ceiling_usd ?? '',
          hint: 'Empty for none.',
        },
      ],
      send: values => patch(key, { label: values.label, monthly_ceiling_usd: values.ceiling || null }),
    });
  const remove = async (key: Key) => {
    await take(api.DELETE('/api/v1/admin/orgs/{org}/keys/{key}', { params: { path: path(key), header: once() } }));
    list.again();
  };
  return (
    <Card
      title="Keys"
      actions={
        <button class="main" onClick={create}>
          New key
        </button>
      }
    >
      <List
        live={list}
        caption={`Keys of ${org}`}
        empty="No key yet. Create one, and give its secret to whoever calls."
        columns={[
          {
            head: 'Id',
            cell: key => (
              <>
                <b>{key.id}</b> <small>{key.label}</small>
              </>
            ),
          },
          { head: 'State', cell: row => <State of={row} /> },
          {
            head: 'Own limits',
            cell: key =>
              key.limits.length
                ? key.limits.map(limit => `${number(limit.amount)} ${limit.unit} a ${limit.window}`).join(', ')
                : '–',
          },
          {
            head: 'Monthly ceiling',
            figure: true,
            cell: key => (key.monthly_ceiling_usd ? usd(key.monthly_ceiling_usd) : '–'),
          },
          { head: 'Ends', cell: key => <Time at={key.expires_at} /> },
          {
            head: 'Actions',
            cell: key => (
              <div class="actions">
                <button class="quiet" onClick={() => showLimits(org, key.id)}>
                  Limits
                </button>
                <button class="quiet" onClick={() => edit(key)}>
                  Edit
                </button>
                <button class="quiet" onClick={() => rotate(key)}>
                  Rotate
                </button>
                {key.disabled ? (
                  <Ask
                    quiet
                    label="Enable"
                    question={{
                      title: `Enable ${key.id}?`,
                      body: <p>Requests with it are admitted again. {within}</p>,
                      send: () => change(key, false),
                    }}
                  />
                ) : (
                  <Ask
                    quiet
                    label="Disable"
                    question={{
                      title: `Disable ${key.id}?`,
                      danger: true,
                      body: <p>Requests with it are answered 403 until it is enabled again. {within}</p>,
                      send: () => change(key, true),
                    }}
                  />
                )}
                <Ask
                  quiet
                  label="Delete"
                  question={{
                    title: `Delete ${key.id}?`,
                    danger: true,
                    body: (
                      <p>
                        Requests with it are answered 401. What it used stays in the activity; its id is not given
                        again.
                      </p>
                    ),
                    send: () => remove(key),
                  }}
                />
              </div>
            ),
          },
        ]}
      />
    </Card>
  );
};

const KeyLimits = ({ org, id }: { org: string; id: string }) => {
  const live = useLive(
    () => take(api.GET('/api/v1/admin/orgs/{org}/quota', { params: { path: { org }, query: { key: id } } })),
    [org, id],
  );
  return <Shown live={live}>{page => <Limits quotas={page.data} empty="No limit binds it." />}</Shown>;
};

const showLimits = (org: string, id: string) =>
  ask({ title: `What binds ${id}`, body: <KeyLimits org={org} id={id} /> });

const Account = ({ org }: { org: string }) => {
  const live = useLive(() => take(api.GET('/api/v1/admin/credits', { params: { query: { org } } })), [org]);
  const topUp = () =>
    askFor({
      title: `Top up ${org}`,
      note: 'The amount is added to the account at once, and can be spent on paid requests. It is not taken back here.',
      action: 'Add credit',
      fields: [
        { name: 'usd', label: 'Amount in USD', required: true },
        {
          name: 'id',
          label: 'Reference',
          hint: 'E.g. an invoice. The same reference counts once, however often it is sent.',
        },
      ],
      send: async values => {
        await take(
          api.POST('/api/v1/admin/credits', {
            params: { header: values.id ? { 'Idempotency-Key': values.id } : once() },
            body: { org, usd: values.usd },
          }),
        );
        live.again();
      },
    });
  return (
    <Card title="Account" actions={<button onClick={topUp}>Top up</button>}>
      <Shown live={live}>
        {account => (
          <>
            <Facts>
              <Fact label="Left">{usd(account.left_usd)}</Fact>
              <Fact label="Held">{usd(account.held_usd)}</Fact>
              <Fact label="Spent">{usd(account.spent_usd)}</Fact>
              <Fact label="Bought">{usd(account.bought_usd)}</Fact>
            </Facts>
            <details>
              <summary>{plural(account.purchases.length, 'purchase')}</summary>
              <Table
                caption="Purchases"
                rows={account.purchases}
                columns={[
                  { head: 'Time', cell: row => <Time at={row.time} /> },
                  { head: 'Reference', cell: row => row.id },
                  { head: 'Amount', figure: true, cell: row => usd(row.usd) },
                ]}
              />
            </details>
          </>
        )}
      </Shown>
    </Card>
  );
};

export const OrgPage = ({ org }: { org: string }) => {
  const path = { org };
  const live = useLive(() => take(api.GET('/api/v1/admin/orgs/{org}', { params: { path } })), [org]);
  const quota = useLive(() => take(api.GET('/api/v1/admin/orgs/{org}/quota', { params: { path } })), [org]);
  const refusals = useList(
    cursor =>
      take(
        api.GET('/api/v1/admin/orgs/{org}/refusals', {
          params: { path, query: { limit: 10, cursor } },
        }),
      ),
    [org],
  );
  const usage: LoadUsage = query => take(api.GET('/api/v1/admin/orgs/{org}/usage', { params: { path, query } }));
  const change = async (body: object) => {
    await take(api.PATCH('/api/v1/admin/orgs/{org}', { params: { path, header: once() }, body }));
    live.again();
    quota.again();
  };
  const remove = async () => {
    await take(api.DELETE('/api/v1/admin/orgs/{org}', { params: { path, header: once() } }));
    live.again();
  };
  const edit = (found: Org) =>
    askFor({
      title: `Change ${org}`,
      note: `Another plan brings other limits; what was used stays counted. ${within}`,
      action: 'Change',
      fields: [
        { name: 'name', label: 'Name', value: found.name, required: true },
        { name: 'plan', label: 'Plan', value: found.plan ?? '', hint: 'Empty for the default plan.' },
        {
          name: 'ceiling',
          label: 'Monthly ceiling in USD',
          value: found.monthly_ceiling_usd ?? '',
          hint: 'Empty for none.',
        },
      ],
      send: values =>
        change({
          name: values.name,
          plan: values.plan || null,
          monthly_ceiling_usd: values.ceiling || null,
        }),
    });
  const flag = (found: Org) =>
    found.disabled ? (
      <Ask
        label="Enable"
        question={{
          title: `Enable ${org}?`,
          body: <p>Its keys are admitted again. {within}</p>,
          send: () => change({ disabled: false }),
        }}
      />
    ) : (
      <Ask
        label="Disable"
        question={{
          title: `Disable ${org}?`,
          danger: true,
          body: <p>All requests of all its keys are answered 403 until it is enabled again. {within}</p>,
          send: () => change({ disabled: true }),
        }}
      />
    );
  return (
    <Page
      title={org}
      actions={
        live.data && (
          <>
            <button onClick={() => edit(live.data!)}>Change</button>
            {!live.data.deleted_at && flag(live.data)}
            {live.data.deleted_at ? (
              <Ask
                label="Bring back"
                question={{
                  title: `Bring ${org} back?`,
                  body: <p>Its keys are admitted again. {within}</p>,
                  send: () => change({ deleted: false }),
                }}
              />
            ) : (
              <Ask
                label="Take away"
                question={{
                  title: `Take ${org} away?`,
                  danger: true,
                  body: (
                    <p>
                      All its keys are answered 401. Its account and its activity stay, its id is not given again, and it
                      can be brought back. {within}
                    </p>
                  ),
                  send: remove,
                }}
              />
            )}
          </>
        )
      }
    >
      <Shown live={live}>
        {found => (
          <Facts>
            <Fact label="Name">{found.name}</Fact>
            <Fact label="State"><State of={found} /></Fact>
            <Fact label="Plan">{found.plan ?? 'default'}</Fact>
            <Fact label="Monthly ceiling">{found.monthly_ceiling_usd ? usd(found.monthly_ceiling_usd) : 'none'}</Fact>
            <Fact label="Premium">{found.premium ? 'yes' : 'no'}</Fact>
            <Fact label="Phone verified">{found.phone_verified ? 'yes' : 'no'}</Fact>
          </Facts>
        )}
      </Shown>
      <Account org={org} />
      <Keys org={org} />
      <WebhookCard org={org} />
      <Card title="Limits that all its keys share">
        <Shown live={quota}>{page => <Limits quotas={page.data} empty="No limit binds it." />}</Shown>
      </Card>
      <Card title="Requests, last 30 days">
        <UseByDay load={usage} />
      </Card>
      <Card title="Refusals by reason, last 30 days">
        <RefusedByDay load={usage} />
        <details>
          <summary>By the minute</summary>
          <Shown live={refusals}>
            {page => (
              <>
                <Refusals rows={page.data} empty="Nothing was refused." />
                {refusals.pager}
              </>
            )}
          </Shown>
        </details>
      </Card>
      <UseTable load={usage} csv={`/api/v1/admin/orgs/${encodeURIComponent(org)}/usage`} />
      <ActivityTable
        load={query => take(api.GET('/api/v1/admin/orgs/{org}/activity', { params: { path, query } }))}
        csv={`/api/v1/admin/orgs/${encodeURIComponent(org)}/activity`}
      />
    </Page>
  );
};
