import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { Failure } from './api';
import { amount, countdown, local, number, utc, words } from './format';
import { type Live, now, useLive } from './live';

type Children = ComponentChildren;

export const Card = (props: {
  title: string;
  note?: Children;
  actions?: Children;
  children: Children;
  id?: string;
}) => (
  <section class="card" aria-label={props.title} id={props.id}>
    <header>
      <h2>{props.title}</h2>
      {props.actions && <div class="actions">{props.actions}</div>}
    </header>
    {props.note && <p class="note">{props.note}</p>}
    {props.children}
  </section>
);

export const Page = (props: { title: string; note?: Children; actions?: Children; children: Children }) => (
  <>
    <div class="title">
      <h1 tabIndex={-1}>{props.title}</h1>
      {props.actions && <div class="actions">{props.actions}</div>}
    </div>
    {props.note && <p class="note">{props.note}</p>}
    {props.children}
  </>
);

export type Tone = 'free' | 'gift' | 'paid' | 'bad' | 'warn' | 'plain';

export const Badge = (props: { tone: Tone; children: Children }) => (
  <span class={`badge ${props.tone}`}>{props.children}</span>
);

/** Whether something may be used. */
export const State = (props: { of: { disabled: boolean; deleted_at?: string } }) =>
  props.of.deleted_at ? (
    <Badge tone="bad">taken away</Badge>
  ) : props.of.disabled ? (
    <Badge tone="warn">disabled</Badge>
  ) : (
    <Badge tone="plain">active</Badge>
  );

/** The choices above a list. */
export const Filters = (props: { children: Children }) => <div class="filters">{props.children}</div>;

export const tierTone = (tier: string): Tone =>
  tier === 'free' || tier === 'gift' || tier === 'paid' ? tier : 'plain';

export const Empty = (props: { children: Children }) => <p class="empty">{props.children}</p>;

/** A moment in UTC, and beside it by the reader's own clock. */
export const Time = (props: { at?: string | null }) =>
  props.at ? (
    <time dateTime={props.at}>
      {utc(props.at)} <small>UTC{local(props.at) && ` · ${local(props.at)}`}</small>
    </time>
  ) : (
    <>–</>
  );

export const Countdown = (props: { to: string }) => {
  const left = (Date.parse(props.to) - now.value) / 1000;
  return <span class="countdown">{left > 0 ? countdown(left) : 'now'}</span>;
};

export const Problem = (props: { failed?: Failure }) =>
  props.failed ? (
    <div class="problem" role="alert">
      <strong>{words(props.failed.code)}</strong> {props.failed.message}
      {props.failed.details.length > 0 && (
        <ul>
          {props.failed.details.map(detail => (
            <li>
              <code>{detail.param}</code> {detail.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  ) : null;

/** What a look-up brought: its failure, that it is under way, or what it shows. */
export function Shown<T>(props: { live: Live<T>; children: (data: T) => Children }) {
  const { data, failed } = props.live;
  return (
    <>
      {failed && failed.status > 0 && <Problem failed={failed} />}
      {data === undefined
        ? !failed && (
            <p class="empty" role="status">
              Loading …
            </p>
          )
        : props.children(data)}
    </>
  );
}

export interface Column<T> {
  head: string;
  cell: (row: T) => Children;
  /** Aligned to the right. */
  figure?: boolean;
}

/** A table; on a narrow screen each row becomes a block of its own. */
export function Table<T>(props: {
  caption: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  empty?: Children;
  name?: (row: T) => string;
  open?: (row: T) => void;
}) {
  if (!props.rows.length) return <Empty>{props.empty ?? 'Nothing yet.'}</Empty>;
  return (
    <table role="table">
      <caption class="hidden">{props.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {props.columns.map(column => (
            <th role="columnheader" scope="col" class={column.figure ? 'figure' : ''}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map(row => (
          <tr role="row" class={props.open ? 'opens' : ''} onClick={props.open && (() => props.open!(row))}>
            {props.columns.map((column, at) => (
              <td role="cell" data-head={column.head} class={column.figure ? 'figure' : ''}>
                <div>
                  {at === 0 && props.open ? (
                    <button
                      class="link"
                      onClick={event => {
                        event.stopPropagation();
                        props.open!(row);
                      }}
                    >
                      {column.cell(row)}
                    </button>
                  ) : (
                    column.cell(row)
                  )}
                </div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Paged<T> {
  data: T[];
  next_cursor?: string | null;
}

export interface LiveList<T> extends Live<Paged<T>> {
  pager: Children;
}

/** A long list, a page at a time; what is looked at is kept fresh. */
export function useList<T>(
  load: (cursor?: string) => Promise<Paged<T>>,
  deps: readonly unknown[] = [],
  every = 5000,
): LiveList<T> {
  const [state, setState] = useState<{ of: string; cursors: string[] }>({ of: '', cursors: [] });
  // Another filter begins at the first page.
  const of = JSON.stringify(deps);
  const cursors = state.of === of ? state.cursors : [];
  const cursor = cursors.at(-1);
  const live = useLive(() => load(cursor), [of, cursor], every);
  const next = live.data?.next_cursor;
  const turn = (to: string[]) => setState({ of, cursors: to });
  const pager = (cursor || next) && (
    <nav class="pager" aria-label="Newer and older">
      <button disabled={!cursor} onClick={() => turn(cursors.slice(0, -1))}>
        Newer
      </button>
      <span>Page {cursors.length + 1}</span>
      <button disabled={!next} onClick={() => turn([...cursors, next!])}>
        Older
      </button>
    </nav>
  );
  return { ...live, pager };
}

export const List = <T,>(props: {
  live: LiveList<T>;
  caption: string;
  columns: readonly Column<T>[];
  empty?: Children;
  open?: (row: T) => void;
}) => (
  <Shown live={props.live}>
    {page => (
      <>
        <Table {...props} rows={page.data} />
        {props.live.pager}
      </>
    )}
  </Shown>
);

/** How much of a limit is taken: used, held by requests under way, left. */
export const Bar = (props: { label: string; used: number; reserved?: number; limit: number | null; tone?: Tone }) => {
  const whole = props.limit || 1;
  const share = (part: number) => `${Math.min(100, Math.max(0, (part / whole) * 100))}%`;
  const full = props.limit !== null && props.used + (props.reserved ?? 0) >= props.limit;
  return (
    <div
      class={`bar ${full ? 'full' : ''}`}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={whole}
      aria-valuenow={Math.min(whole, props.used)}
      aria-valuetext={`${number(props.used)} of ${props.limit === null ? 'no limit' : number(props.limit)} used`}
    >
      <i style={{ width: share(props.used) }} />
      <i class="held" style={{ width: share(props.reserved ?? 0) }} />
    </div>
  );
};

export const Fact = (props: { label: string; children: Children }) => (
  <div>
    <dt>{props.label}</dt>
    <dd>{props.children}</dd>
  </div>
);

export const Facts = (props: { children: Children }) => <dl class="facts">{props.children}</dl>;

let named = 0;
export const useId = (): string => useState(() => `field-${++named}`)[0];

export const Field = (props: {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
  options?: readonly (string | readonly [string, string])[];
  rows?: number;
  type?: string;
  required?: boolean;
  placeholder?: string;
  list?: string;
  autocomplete?: string;
  pattern?: string;
}) => {
  const id = useId();
  const { label, value, set, hint, options, rows, ...rest } = props;
  const common = { id, value, 'aria-describedby': hint ? `${id}-hint` : undefined };
  const take = (event: { currentTarget: { value: string } }) => set(event.currentTarget.value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {options ? (
        <select {...common} onChange={take}>
          {options.map(option =>
            typeof option === 'string' ? (
              <option value={option}>{option}</option>
            ) : (
              <option value={option[0]}>{option[1]}</option>
            ),
          )}
        </select>
      ) : rows ? (
        <textarea {...common} rows={rows} spellcheck={false} onInput={take} />
      ) : (
        <input {...common} {...(rest as object)} onInput={take} />
      )}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
};

export const Check = (props: { label: string; value: boolean; set: (value: boolean) => void }) => {
  const id = useId();
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={props.value} onChange={event => props.set(event.currentTarget.checked)} />
      <label for={id}>{props.label}</label>
    </div>
  );
};

export const Copy = (props: { text: string; what: string }) => {
  const [said, say] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      say('Copied');
    } catch {
      say('Select and copy it by hand');
    }
    setTimeout(() => say(''), 2000);
  };
  return (
    <button class="quiet" onClick={copy} aria-label={`Copy ${props.what}`}>
      <span role="status">{said || 'Copy'}</span>
    </button>
  );
};

export const Code = (props: { text: string; what: string }) => (
  <div class="code">
    <pre tabIndex={0} role="region" aria-label={`${props.what} to copy`}>
      {props.text}
    </pre>
    <Copy text={props.text} what={props.what} />
  </div>
);

/** A form whose button is busy while it is sent, and that tells what went wrong. */
export const Form = (props: {
  action: string;
  send: () => Promise<unknown>;
  children: Children;
  danger?: boolean;
  cancel?: () => void;
  inline?: boolean;
  quiet?: boolean;
}) => {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Failure>();
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailed(undefined);
    try {
      await props.send();
    } catch (error) {
      setFailed(error instanceof Failure ? error : new Failure(0, 'not done', (error as Error).message));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send} class={props.inline ? 'inline' : ''}>
      {props.children}
      <Problem failed={failed} />
      <div class="actions">
        {props.cancel && (
          <button type="button" onClick={props.cancel}>
            Cancel
          </button>
        )}
        <button type="submit" class={props.danger ? 'danger' : props.quiet ? '' : 'main'} disabled={busy}>
          {props.action}
        </button>
      </div>
    </form>
  );
};

interface Asked {
  title: string;
  /** What will happen. */
  body: Children;
  action?: string;
  danger?: boolean;
  send?: () => Promise<unknown>;
}

const asked = signal<Asked | undefined>(undefined);

/** Opens a dialog: with `send` it asks before something is done, without it only shows. */
export const ask = (question: Asked): void => {
  asked.value = question;
};

export const closeDialog = (): void => {
  asked.value = undefined;
};

export const Dialog = () => {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = useRef<Asked | undefined>(undefined);
  const question = asked.value;
  useEffect(() => {
    if (question && !dialog.current!.open) dialog.current!.showModal();
    if (!question) dialog.current!.close();
    shown.current = question;
  }, [question]);
  // The browser tells of an end a moment later: what was asked meanwhile stays.
  const ended = () => {
    if (!dialog.current!.open && asked.value === shown.current) closeDialog();
  };
  const done = async () => {
    await question!.send!();
    // What was done may have something to show in its turn.
    if (asked.value === question) closeDialog();
  };
  return (
    <dialog ref={dialog} onClose={ended} aria-labelledby="dialog-title">
      {question && (
        <>
          <header>
            <h2 id="dialog-title">{question.title}</h2>
            <button class="quiet" aria-label="Close" onClick={closeDialog}>
              ✕
            </button>
          </header>
          {question.send ? (
            <Form action={question.action!} danger={question.danger} send={done} cancel={closeDialog}>
              {question.body}
            </Form>
          ) : (
            question.body
          )}
        </>
      )}
    </dialog>
  );
};

/** A button that asks before it does something, and says what will happen. */
export const Ask = (props: {
  label: string;
  quiet?: boolean;
  question: Omit<Asked, 'action'> & { action?: string };
}) => (
  <button
    class={props.quiet ? 'quiet' : props.question.danger ? 'danger' : ''}
    onClick={() => ask({ action: props.label, ...props.question })}
  >
    {props.label}
  </button>
);

/** A button that works a while and tells what went wrong. */
export const Do = (props: { label: string; run: () => Promise<unknown>; quiet?: boolean }) => {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await props.run();
    } catch (error) {
      ask({ title: 'That did not work', body: <p role="alert">{(error as Error).message}</p> });
    } finally {
      setBusy(false);
    }
  };
  return (
    <button class={props.quiet ? 'quiet' : ''} onClick={run} disabled={busy}>
      {props.label}
    </button>
  );
};

export const Amount = (props: { value: number | null | undefined; unit: string }) => (
  <>{props.value == null ? '∞' : amount(props.value, props.unit)}</>
);
