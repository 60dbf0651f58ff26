import { useState } from 'preact/hooks';
import { type Answer, api, once, type Schemas, take } from '../api';
import { Changes } from '../changes';
import { number, plural, pretty, scopeName, usd, words } from '../format';
import { now, useLive } from '../live';
import {
  ask,
  Ask,
  Badge,
  Card,
  closeDialog,
  Do,
  Fact,
  Facts,
  Field,
  Form,
  List,
  Page,
  Shown,
  Table,
  Time,
  useList,
} from '../parts';

type Report = Schemas['CatalogueReport'];
type Simulation = Schemas['SimulationReport'];
type Document = { catalogue: unknown; presets: unknown };

const said = (value: unknown) =>
  value == null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
const limitOf = (amount: number | null) => (amount === null ? undefined : number(amount));

/** What a change of the catalogue changes: entries field by field, and whom it touches. */
export const ReportView = ({ report }: { report: Report }) => {
  const kinds = [
    ['model', report.models],
    ['plan', report.plans],
    ['upstream', report.upstreams],
  ] as const;
  const fields = kinds.flatMap(([kind, found]) =>
    found.data.flatMap(entry =>
      entry.fields.length
        ? entry.fields.map(field => ({
            field: `${kind} ${entry.id}: ${field.field}`,
            before: said(field.before),
            after: said(field.after),
          }))
        : [
            {
              field: `${kind} ${entry.id}`,
              before: entry.change === 'added' ? undefined : 'there',
              after: entry.change === 'added' ? 'there' : undefined,
            },
          ],
    ),
  );
  const limits =
    report.orgs?.data.flatMap(org =>
      org.limits.map(limit => ({
        field: `${org.org}: ${limit.id}, ${words(limit.unit)} a ${limit.window}`,
        before: limitOf(limit.before),
        after: limitOf(limit.after),
      })),
    ) ?? [];
  return (
    <>
      {report.warnings.map(warning => (
        <p class="problem">{warning}</p>
      ))}
      <h3>Entries</h3>
      <Changes rows={fields} empty="No entry changes." />
      {report.orgs && (
        <>
          <h3>
            {number(report.orgs.changed)} of {plural(report.orgs.looked, 'organisation')} would be treated differently
          </h3>
          <Changes rows={limits} empty="No organisation's limits change." />
          {report.orgs.data
            .filter(org => org.free_models_lost.length + org.free_models_gained.length > 0)
            .map(org => (
              <p>
                {org.org}:{' '}
                {org.free_models_lost.length > 0 && (
                  <>
                    no longer free <del>{org.free_models_lost.join(', ')}</del>{' '}
                  </>
                )}
                {org.free_models_gained.length > 0 && (
                  <>
                    newly free <ins>{org.free_models_gained.join(', ')}</ins>
                  </>
                )}
              </p>
            ))}
        </>
      )}
    </>
  );
};

const Stack = (props: { name: string; sums: Schemas['SimulationSums']; most: number }) => {
  const share = (part: number) => ({ width: `${(part / (props.most || 1)) * 100}%` });
  return (
    <div class="stack">
      <span>{props.name}</span>
      <div role="img" aria-label={`${props.name}: ${props.sums.admitted} admitted, ${props.sums.refused} refused`}>
        <i class="free" style={share(props.sums.admitted)} />
        <i class="bad" style={share(props.sums.refused)} />
      </div>
    </div>
  );
};

/** The simulator's answer as a picture, and as a table. */
const SimulationView = ({ found }: { found: Simulation }) => {
  const rows = [{ org: 'All', model: '', before: found.before, after: found.after }, ...found.lines];
  const most = (line: { before: Schemas['SimulationSums']; after: Schemas['SimulationSums'] }) =>
    Math.max(line.before.admitted + line.before.refused, line.after.admitted + line.after.refused);
  return (
    <>
      <p>
        {found.day}: {number(found.before.admitted)} admitted as it was, {number(found.after.admitted)} as it would have
        been.
        {found.unexplained > 0 && ` ${plural(found.unexplained, 'request')} cannot be explained by the active plan.`}
      </p>
      <p class="legend">
        <span>
          <i class="free" />
          Admitted
        </span>{' '}
        <span>
          <i class="bad" />
          Refused
        </span>
      </p>
      {rows.slice(0, 12).map(line => (
        <div class="pair">
          <b>
            {line.org} {line.model}
          </b>
          <Stack name="as it was" sums={line.before} most={most(line)} />
          <Stack name="would be" sums={line.after} most={most(line)} />
        </div>
      ))}
      <Table
        caption="The simulated day"
        rows={rows}
        columns={[
          { head: 'Of', cell: line => `${line.org} ${line.model}` },
          {
            head: 'Admitted',
            figure: true,
            cell: line => `${number(line.before.admitted)} → ${number(line.after.admitted)}`,
          },
          {
            head: 'Refused',
            figure: true,
            cell: line => `${number(line.before.refused)} → ${number(line.after.refused)}`,
          },
          {
            head: 'Free tokens',
            figure: true,
            cell: line => `${number(line.before.free_tokens)} → ${number(line.after.free_tokens)}`,
          },
          {
            head: 'Paid',
            figure: true,
            cell: line => `${usd(line.before.cost_usd)} → ${usd(line.after.cost_usd)}`,
          },
        ]}
      />
    </>
  );
};

const yesterday = () => new Date(now.peek() - 86_400_000).toISOString().slice(0, 10);

/** A document to be changed: tried first, then stored and made to count. */
const Editor = (props: { from: Document; version: number; done: () => void }) => {
  const [text, setText] = useState(() => pretty(props.from));
  const [comment, setComment] = useState('');
  const [day, setDay] = useState(yesterday());
  const [report, setReport] = useState<{ of: Report; tag: string }>();
  const [simulated, setSimulated] = useState<Simulation>();
  const read = () => {
    try {
      return JSON.parse(text) as { catalogue: object; presets: object };
    } catch (broken) {
      throw new Error(`This is no JSON: ${(broken as Error).message}`);
    }
  };
  const body = () => ({ ...read(), ...(comment ? { comment } : {}) });
  const send = (sent: Sent) => api.POST('/api/v1/admin/catalogue/versions', { params: sent, body: body() as never });
  const tryOut = async () => {
    const tried = await send({ query: { dry_run: true }, header: {} });
    setReport({ of: await take(Promise.resolve(tried)), tag: tag(tried.response) });
  };
  const simulate = async () =>
    setSimulated(
      await take(
        api.POST('/api/v1/admin/simulations', {
          body: { day, ...read() } as never,
        }),
      ),
    );
  const apply = async () => {
    // Each step must meet the catalogue that the one before it has left.
    const stored = await send({ query: {}, header: { ...once(), 'If-Match': report!.tag } });
    const { version } = await take(Promise.resolve(stored));
    await take(
      api.POST('/api/v1/admin/catalogue/activations', {
        params: { header: { ...once(), 'If-Match': tag(stored.response) } },
        body: { version: version! },
      }),
    );
    setReport(undefined);
    props.done();
  };
  const change = (fresh: string) => {
    setText(fresh);
    // What was reported was of another text.
    setReport(undefined);
    setSimulated(undefined);
  };
  return (
    <Card title="Change it" note="Change the document, see what it would do, then let it count.">
      <Form action="Dry run" send={tryOut}>
        <Field label={`Catalogue and presets, from version ${props.version}`} rows={14} value={text} set={change} />
        <Field label="Comment" value={comment} set={setComment} placeholder="why" />
      </Form>
      <Form inline quiet action="Simulate" send={simulate}>
        <Field label="A past day to simulate" type="date" value={day} set={setDay} required />
      </Form>
      {simulated && (
        <section aria-label="Simulation">
          <SimulationView found={simulated} />
        </section>
      )}
      {report && (
        <section aria-label="Dry run">
          <ReportView report={report.of} />
          <Ask
            label="Let it count"
            question={{
              title: 'Let this version count?',
              danger: true,
              body: (
                <p>
                  It is stored as a version, and every instance goes by it within 30 seconds;{' '}
                  {plural(report.of.orgs?.changed ?? 0, 'organisation')} will be treated differently. A request under
                  way keeps the version that it began with. Going back is activating version {props.version} again.
                </p>
              ),
              send: apply,
            }}
          />
        </section>
      )}
    </Card>
  );
};

/** How a change is sent: to be tried, or to count. */
interface Sent {
  query: { dry_run?: true };
  header: { 'If-Match'?: string; 'Idempotency-Key'?: string };
}

type Change = (sent: Sent) => Promise<Answer<Report>>;

/** The catalogue's ETag, as it came. */
const tag = (response: Response) => response.headers.get('etag') ?? '*';

/** Tries a change, shows what it would do, and lets it count where the catalogue is still the one it was tried on. */
export async function tryThenAsk(title: string, change: Change, done: () => void): Promise<void> {
  const tried = await change({ query: { dry_run: true }, header: {} });
  const report = await take(Promise.resolve(tried));
  ask({
    title,
    action: 'Let it count',
    danger: true,
    body: (
      <>
        <p>Every instance goes by it within 30 seconds. This is what changes:</p>
        <ReportView report={report} />
      </>
    ),
    send: async () => {
      await take(change({ query: {}, header: { ...once(), 'If-Match': tag(tried.response) } }));
      done();
    },
  });
}

/** The free switch and the limits of plans, each a change of its own with its dry run. */
const Plans = (props: { done: () => void }) => {
  const load = () => take(api.GET('/api/v1/admin/plans', { params: { query: { limit: 100 } } }));
  const live = useLive(load, [], 15_000);
  const models = useList(
    cursor => take(api.GET('/api/v1/admin/models', { params: { query: { limit: 25, cursor } } })),
    [],
    15_000,
  );
  const done = () => {
    live.again();
    models.again();
    props.done();
  };
  const plan = (entry: Schemas['Entry']) => {
    const Dialog = () => {
      const [text, setText] = useState(pretty(entry.entry));
      const change: Change = sent =>
        api.PUT('/api/v1/admin/plans/{name}', {
          params: { path: { name: entry.id }, ...sent },
          body: JSON.parse(text),
        });
      return (
        <Form
          action="Dry run"
          cancel={closeDialog}
          send={async () => tryThenAsk(`Change the plan ${entry.id}?`, change, done)}
        >
          <Field label="The plan as JSON" rows={14} value={text} set={setText} />
        </Form>
      );
    };
    ask({ title: `Change the plan ${entry.id}`, body: <Dialog /> });
  };
  const toggle = async (entry: Schemas['Entry']) => {
    const free = (entry.entry as ModelEntry).free;
    const title = free?.enabled ? `Take ${entry.id} out of free use?` : `Make ${entry.id} free?`;
    const switched = (plan?: string) =>
      tryThenAsk(
        title,
        sent =>
          api.PATCH('/api/v1/admin/models/{model}', {
            params: { path: { model: entry.id }, ...sent },
            body: { free: { enabled: !free?.enabled, plan } } as never,
          }),
        done,
      );
    if (free?.enabled || free?.plan) return switched();
    // Whoever is quick asks before the page has its plans.
    const plans = (live.data ?? (await load())).data.map(plan => plan.id);
    const PlanForm = () => {
      const [plan, setPlan] = useState(plans[0] ?? '');
      return (
        <Form action="Dry run" cancel={closeDialog} send={() => switched(plan)}>
          <Field label="The plan of its free use" value={plan} set={setPlan} options={plans} />
        </Form>
      );
    };
    ask({ title, body: <PlanForm /> });
  };
  return (
    <>
      <Card title="Plans">
        <Shown live={live}>
          {page => (
            <Table
              caption="Plans"
              rows={page.data}
              empty="No plan yet: presets bring some."
              columns={[
                {
                  head: 'Plan',
                  cell: entry => (
                    <>
                      <b>{entry.id}</b> <small>{entry.preset && `from ${entry.preset}`}</small>
                    </>
                  ),
                },
                {
                  head: 'Limits',
                  cell: entry => (entry.entry as PlanEntry).limits?.map(limitName).join('; ') ?? '–',
                },
                {
                  head: 'Actions',
                  cell: entry => (
                    <button class="quiet" onClick={() => plan(entry)}>
                      Change
                    </button>
                  ),
                },
              ]}
            />
          )}
        </Shown>
      </Card>
      <Card title="Models">
        <List
          live={models}
          caption="Models of the catalogue"
          empty="No model yet."
          columns={[
            {
              head: 'Model',
              cell: entry => (
                <>
                  <b>{entry.id}</b> <small>{(entry.entry as ModelEntry).name}</small>
                </>
              ),
            },
            {
              head: 'Free',
              cell: entry =>
                (entry.entry as ModelEntry).free?.enabled ? (
                  <>
                    <Badge tone="free">Free</Badge> <small>{(entry.entry as ModelEntry).free?.plan}</small>
                  </>
                ) : (
                  <small>no</small>
                ),
            },
            {
              head: 'Routes',
              cell: entry => (entry.entry as ModelEntry).routes?.map(route => route.upstream).join(', ') ?? '–',
            },
            {
              head: 'Actions',
              cell: entry => (
                <Do
                  quiet
                  label={(entry.entry as ModelEntry).free?.enabled ? 'Stop free use' : 'Make free'}
                  run={() => toggle(entry)}
                />
              ),
            },
          ]}
        />
      </Card>
    </>
  );
};

const limitName = ({ unit, amount, window, scope }: LimitEntry) =>
  `${number(amount)} ${words(unit)} a ${window ?? 'time'} for each ${scopeName(scope ?? 'org')}`;

interface LimitEntry {
  unit: string;
  amount: number;
  window?: string;
  scope?: string;
}

interface PlanEntry {
  limits?: LimitEntry[];
}

interface ModelEntry {
  name?: string;
  free?: { enabled: boolean; plan?: string };
  routes?: { upstream: string }[];
}

/** What comes with Freeway, and what of it the catalogue names. */
const Presets = () => {
  const live = useLive(() => take(api.GET('/api/v1/admin/presets')), [], 30_000);
  return (
    <Card title="Presets" note="Free tiers that come with Freeway. The document names those that it wants.">
      <Shown live={live}>
        {({ data }) => (
          <details>
            <summary>
              {number(data.filter(preset => preset.used).length)} of {number(data.length)} are used
            </summary>
            <Table
              caption="Presets"
              rows={data}
              columns={[
                {
                  head: 'Preset',
                  cell: preset => (
                    <>
                      <b>{preset.name}</b> {preset.used && <Badge tone="free">used</Badge>}
                    </>
                  ),
                },
                { head: 'Of', cell: preset => words(preset.kind) },
                { head: 'What', cell: preset => preset.description ?? '–' },
                { head: 'Plans', cell: preset => preset.plans.join(', ') || '–' },
              ]}
            />
          </details>
        )}
      </Shown>
    </Card>
  );
};

export const CataloguePage = () => {
  const live = useLive(() => take(api.GET('/api/v1/admin/catalogue')), [], 5000);
  const versions = useList(cursor =>
    take(
      api.GET('/api/v1/admin/catalogue/versions', {
        params: { query: { limit: 10, cursor } },
      }),
    ),
  );
  const done = () => {
    live.again();
    versions.again();
  };
  const activate = (version: number) =>
    tryThenAsk(
      `Let version ${version} count?`,
      sent => api.POST('/api/v1/admin/catalogue/activations', { params: sent, body: { version } }),
      done,
    );
  const unschedule = async () => {
    await take(api.DELETE('/api/v1/admin/catalogue/activations', { params: { header: once() } }));
    done();
  };
  return (
    <Page title="Catalogue" note="What is offered, to whom and from where, as numbered versions.">
      <Shown live={live}>
        {found => (
          <>
            <Facts>
              <Fact label="Version that counts">{found.active.version}</Fact>
              <Fact label="Since">
                <Time at={found.since} />
              </Fact>
              <Fact label="From">
                {found.active.source} <small>by {found.active.by}</small>
              </Fact>
              <Fact label="Files decide">{found.follows_files ? 'yes' : 'no'}</Fact>
              {found.scheduled && (
                <Fact label="Scheduled">
                  version {found.scheduled.version} <Time at={found.scheduled.at} />{' '}
                  <Ask
                    quiet
                    label="Take back"
                    question={{
                      title: 'Take the schedule back?',
                      body: <p>Version {found.active.version} goes on counting.</p>,
                      send: unschedule,
                    }}
                  />
                </Fact>
              )}
            </Facts>
            <Plans key={found.active.version} done={done} />
            <Editor
              key={`editor${found.active.version}`}
              from={{ catalogue: found.catalogue, presets: found.presets }}
              version={found.active.version}
              done={done}
            />
          </>
        )}
      </Shown>
      <Presets />
      <Card title="Versions">
        <List
          live={versions}
          caption="Versions, newest first"
          columns={[
            {
              head: 'Version',
              cell: row => (
                <>
                  {row.version} {row.active && <Badge tone="free">counts</Badge>}
                </>
              ),
            },
            { head: 'Made', cell: row => <Time at={row.created_at} /> },
            { head: 'By', cell: row => row.by },
            { head: 'Comment', cell: row => row.comment ?? '–' },
            {
              head: 'Actions',
              cell: row =>
                !row.active && <Do quiet label="See the difference and activate" run={() => activate(row.version)} />,
            },
          ]}
        />
      </Card>
    </Page>
  );
};
