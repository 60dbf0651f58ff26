import { useState } from 'preact/hooks';
import { api, type Schemas, take } from '../api';
import { amount, number, perMillion, usd, words } from '../format';
import { useLive } from '../live';
import { Badge, Card, Field, Filters, Page, Shown, Table } from '../parts';
import { to } from '../route';

type Model = Schemas['Model'];
type Check = Schemas['QuotaCheck'];

const shown = 25;

/** The kind of request that a model answers, by what it has a price for; none where that takes a file. */
const endpointOf = (model: Model) =>
  model.pricing.audio_minute ? undefined : model.pricing.character ? 'audio/speech' : 'chat/completions';

/** What one short request would take now. Asking takes nothing. */
const check = (model: string, endpoint: string): Promise<Check> =>
  take(
    api.POST('/api/v1/quota/check', {
      params: { header: { 'x-freeway-endpoint': endpoint } },
      body:
        endpoint === 'chat/completions'
          ? { model, max_tokens: 256, messages: [{ role: 'user', content: 'Hello' }] }
          : { model, input: 'Hello', voice: 'any' },
    }),
  );

/** The unit of an amount: `1 request`, `2 requests`. */
const unitName = (part: Schemas['ReservedAmount']) => words(part.unit).slice(0, part.amount === 1 ? -1 : undefined);

const Outcome = ({ found }: { found: Check | Error }) => {
  if (found instanceof Error) return <small>{found.message}</small>;
  if (found.refusal)
    return (
      <>
        <Badge tone="bad">{words(found.refusal.code)}</Badge> <small>{found.refusal.limit_source}</small>
      </>
    );
  return (
    <>
      {found.reservation.map(part => (
        <div>
          {amount(part.amount, part.unit)} {part.unit === 'usd' ? 'at most' : unitName(part)} <small>{part.id}</small>
        </div>
      ))}
    </>
  );
};

const Takes = ({ model }: { model: Model }) => {
  const free = model.free.enabled && model.free.eligible;
  const slugs = free ? [model.free.slug!, model.id] : [model.id];
  const live = useLive(
    () =>
      Promise.all(
        slugs.map(async slug => ({
          slug,
          found: await check(slug, endpointOf(model)!).catch((error: Error) => error),
        })),
      ),
    [model.id],
    15_000,
  );
  return (
    <Shown live={live}>
      {checks => (
        <>
          {checks.map(one => (
            <div class="takes">
              <code>{one.slug === model.id ? 'bare id' : ':free'}</code>{' '}
              <div>
                <Outcome found={one.found} />
              </div>
            </div>
          ))}
        </>
      )}
    </Shown>
  );
};

const Left = ({ free }: { free: Model['free'] }) => (
  <>
    {free.limits
      .filter(limit => limit.limit !== null)
      .map(limit => (
        <div>
          {amount(limit.remaining ?? 0, limit.unit)} of {amount(limit.limit!, limit.unit)} {words(limit.unit)}
        </div>
      ))}
  </>
);

const price = (model: Model) => {
  const { prompt, completion, image, character, audio_minute: minute } = model.pricing;
  return (
    [
      Number(prompt) || Number(completion)
        ? `${perMillion(prompt)} in, ${perMillion(completion)} out per M tokens`
        : '',
      image && `${usd(image)} an image`,
      character && `${perMillion(character)} per M characters`,
      minute && `${usd(minute)} a minute`,
    ]
      .filter(Boolean)
      .join(', ') || 'no price'
  );
};

const note =
  "Append :free to a model's id to take from its free use. “Takes now” is what one short request would take; " +
  'asking takes nothing.';

export const ModelsPage = () => {
  const [wanted, setWanted] = useState('');
  const live = useLive(() => take(api.GET('/api/v1/models')), [], 15_000);
  return (
    <Page title="Models" note={note}>
      <Card title="All models">
        <Filters>
          <Field label="Find" value={wanted} set={setWanted} placeholder="part of an id" />
        </Filters>
        <Shown live={live}>
          {({ data }) => {
            const found = data.filter(model => model.id.toLowerCase().includes(wanted.toLowerCase()));
            return (
              <>
                <Table
                  caption="Models"
                  rows={found.slice(0, shown)}
                  empty={
                    wanted ? 'No model has that in its id.' : 'The catalogue has no model yet: an operator adds them.'
                  }
                  columns={[
                    {
                      head: 'Model',
                      cell: model => (
                        <>
                          <b>{model.id}</b>
                          <div>
                            <small>
                              {model.name} · {number(model.context_length)} tokens of context
                            </small>
                          </div>
                        </>
                      ),
                    },
                    {
                      head: 'Free',
                      cell: model =>
                        model.free.enabled ? (
                          model.free.eligible ? (
                            <>
                              <Badge tone="free">Free</Badge> <small>{model.free.plan}</small>
                              <Left free={model.free} />
                            </>
                          ) : (
                            <>
                              <Badge tone="warn">not for you</Badge> <small>{model.free.reason}</small>
                            </>
                          )
                        ) : model.gift ? (
                          <>
                            <Badge tone="gift">Gift</Badge> <small>{model.gift.plan}</small>
                          </>
                        ) : (
                          <small>no</small>
                        ),
                    },
                    { head: 'Price', cell: price },
                    {
                      head: 'Takes now',
                      cell: model =>
                        endpointOf(model) ? <Takes key={model.id} model={model} /> : <small>depends on the file</small>,
                    },
                    {
                      head: 'Try',
                      cell: model =>
                        endpointOf(model) === 'chat/completions' && (
                          <a class="nowrap" href={to('try', model.free.slug ?? model.id)}>
                            Try it
                          </a>
                        ),
                    },
                  ]}
                />
                {found.length > shown && <p class="note">{found.length - shown} more: narrow it down above.</p>}
              </>
            );
          }}
        </Shown>
      </Card>
    </Page>
  );
};
