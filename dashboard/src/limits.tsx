import type { Schemas } from './api';
import { amount, scopeName, words } from './format';
import { Badge, Bar, Countdown, Empty, Time } from './parts';

type Quota = Schemas['Quota'];

const windows: Record<string, string> = {
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  week: 'a week',
  month: 'a month',
  lifetime: 'in all',
};

const per = (quota: Quota) => `${words(quota.unit)} ${windows[quota.window] ?? `in ${words(quota.window)}`}`;

/** What is taken of a limit, as a share; those without an end take nothing. */
const share = (quota: Quota) => (quota.limit ? (quota.used + quota.reserved) / quota.limit : 0);

/** What pays, by the id of its limit. */
const payers: Record<string, string> = {
  account: 'Account',
  'ceiling.org': 'Spend ceiling of the organisation',
  'ceiling.key': 'Spend ceiling of this key',
};

const tones = { hard: 'free', gift: 'gift', paid: 'paid' } as const;

/** One limit: whose, how much is used, held and left, and when it is whole again. */
const Limit = ({ quota }: { quota: Quota }) => {
  const spent = quota.limit !== null && (quota.remaining ?? 1) <= 0;
  const whose = quota.model ?? payers[quota.id] ?? (quota.scope === 'org' ? 'whole organisation' : scopeName(quota.scope));
  const whole = quota.limit === null ? '∞' : amount(quota.limit, quota.unit);
  return (
    <li class={`limit ${tones[quota.kind as 'hard'] ?? ''}`}>
      <div class="what">
        <b>{quota.model ?? (quota.id === 'account' ? 'Credit' : payers[quota.id] ? 'Spent' : 'All models')}</b>
        <small>{quota.id === 'account' ? 'paid requests' : per(quota)}</small>
      </div>
      <div class="how">
        <Bar label={`${whose}, ${per(quota)}`} used={quota.used} reserved={quota.reserved} limit={quota.limit} />
        <span class="numbers">
          <b>{amount(quota.used, quota.unit)}</b> of {whole} used
          {quota.reserved > 0 && <> · {amount(quota.reserved, quota.unit)} held</>}
          {' · '}
          {spent ? (
            <Badge tone="bad">used up</Badge>
          ) : (
            <>
              <b>{quota.remaining === null ? '∞' : amount(quota.remaining, quota.unit)}</b> left
            </>
          )}
        </span>
      </div>
      <div class="when">
        {quota.resets_at ? (
          <>
            <Countdown to={quota.resets_at} />
            <Time at={quota.resets_at} />
          </>
        ) : (
          <small>{quota.window === 'lifetime' ? 'never resets' : ''}</small>
        )}
      </div>
    </li>
  );
};

/** The most that the key may spend in this month, with what it has spent; undefined where it has no ceiling. */
export const ceilingOf = (quotas: readonly Quota[]) => quotas.find(quota => quota.id === 'ceiling.key');

const rank = (id: string) => (payers[id] ? 1 : 0);

/** Limits, those with the least left first, under the plan that has them. */
export const Limits = (props: { quotas: readonly Quota[]; empty: string }) => {
  if (!props.quotas.length) return <Empty>{props.empty}</Empty>;
  // Credit comes last: it is what pays where free use ends.
  const ids = [...new Set(props.quotas.map(quota => quota.id))].sort((one, other) => rank(one) - rank(other));
  const groups = ids.map(id => [id, props.quotas.filter(quota => quota.id === id)] as const);
  return (
    <div>
      {groups.map(([id, quotas]) => (
        <section key={id}>
          <h3>
            {payers[id] ?? id} <Scope quota={quotas[0]} />
          </h3>
          <ul class="limits">
            {[...quotas]
              .sort((one, other) => share(other) - share(one))
              .map(quota => (
                <Limit key={`${quota.model}${quota.window_id}`} quota={quota} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
};

const kinds = { hard: 'stops when used up', gift: 'gift, then billed', paid: 'credit' } as const;

const Scope = ({ quota }: { quota: Quota }) => (
  <small>
    {quota.id.startsWith('ceiling.') ? 'paid requests stop when it is reached' : kinds[quota.kind as 'hard'] ?? quota.kind}
    {quota.scope && `, for each ${scopeName(quota.scope)}`}
  </small>
);
