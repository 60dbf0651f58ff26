import { useState } from 'preact/hooks';
import { connect, failure } from '../api';
import { pretty } from '../format';
import { useLive } from '../live';
import { Badge, Code, Field, Filters, Page, Shown, Table } from '../parts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
  description?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  description?: string;
  required?: boolean;
  schema?: Schema;
}
type Content = Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, { value?: unknown }> }>;

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

interface Description {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<'schemas', Record<string, Schema>> & Record<'parameters', Record<string, Parameter>>;
}

const load = async (): Promise<Description> => {
  const response = await connect('/openapi.json');
  if (!response.ok) throw failure(response, undefined);
  return (await response.json()) as Description;
};

const last = (pointer: string) => pointer.slice(pointer.lastIndexOf('/') + 1);

/** A type in a few words. */
const typeOf = (schema: Schema = {}): string =>
  schema.$ref
    ? last(schema.$ref)
    : schema.enum
      ? schema.enum.map(value => JSON.stringify(value)).join(' | ')
      : schema.const !== undefined
        ? JSON.stringify(schema.const)
        : (schema.anyOf ?? schema.oneOf)
          ? (schema.anyOf ?? schema.oneOf)!.map(typeOf).join(' | ')
          : schema.items
            ? `${typeOf(schema.items)}[]`
            : typeof schema.additionalProperties === 'object'
              ? `map of ${typeOf(schema.additionalProperties)}`
              : [schema.type ?? 'anything'].flat().join(' | ') + (schema.format ? ` (${schema.format})` : '');

/** The named schemas that a schema speaks of, each once. */
const named = (
  schema: Schema | undefined,
  all: Record<string, Schema>,
  into: Map<string, Schema> = new Map(),
): Map<string, Schema> => {
  if (!schema) return into;
  if (schema.$ref) {
    const name = last(schema.$ref);
    if (!into.has(name) && all[name]) named(into.set(name, all[name]).get(name), all, into);
  }
  const parts = [
    schema.items,
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...Object.values(schema.properties ?? {}),
  ];
  if (typeof schema.additionalProperties === 'object') parts.push(schema.additionalProperties);
  for (const part of parts) named(part, all, into);
  return into;
};

const Fields = (props: { name: string; schema: Schema }) => (
  <>
    <h4>{props.name}</h4>
    <Table
      caption={`Fields of ${props.name}`}
      rows={Object.entries(props.schema.properties ?? {})}
      empty={typeOf(props.schema)}
      columns={[
        {
          head: 'Field',
          cell: ([name]) => (
            <>
              <code>{name}</code>
              {props.schema.required?.includes(name) ? '' : <small> optional</small>}
            </>
          ),
        },
        { head: 'Type', cell: ([, field]) => <code>{typeOf(field)}</code> },
        { head: 'Meaning', cell: ([, field]) => field.description ?? '' },
      ]}
    />
  </>
);

const Body = (props: { content: Content; all: Record<string, Schema>; what: string }) => (
  <>
    {Object.entries(props.content).map(([type, { schema, example, examples }]) => {
      const shown = example ?? Object.values(examples ?? {})[0]?.value;
      return (
        <>
          <p>
            <code>{type}</code> {typeOf(schema)}
          </p>
          {shown !== undefined && (
            <Code what={`Example of ${props.what}, ${type}`} text={typeof shown === 'string' ? shown : pretty(shown)} />
          )}
          {type === 'application/json' && schema?.properties && <Fields name="Body" schema={schema} />}
          {type === 'application/json' &&
            [...named(schema, props.all)].map(([name, found]) => <Fields name={name} schema={found} />)}
        </>
      );
    })}
  </>
);

const Detail = (props: { operation: Operation; all: Description }) => {
  const { operation, all } = props;
  const parameters =
    operation.parameters?.map(each => (each.$ref ? all.components.parameters[last(each.$ref)] : each)) ?? [];
  const answers = Object.entries(operation.responses);
  const [status, answer] = answers.find(([code]) => code.startsWith('2'))!;
  return (
    <>
      {operation.description && <p>{operation.description}</p>}
      {parameters.length > 0 && (
        <>
          <h3>Parameters</h3>
          <Table
            caption="Parameters"
            rows={parameters}
            columns={[
              {
                head: 'Name',
                cell: each => (
                  <>
                    <code>{each.name}</code>{' '}
                    <small>
                      {each.in}
                      {each.required && ', required'}
                    </small>
                  </>
                ),
              },
              { head: 'Type', cell: each => <code>{typeOf(each.schema)}</code> },
              {
                head: 'Meaning',
                cell: each =>
                  [
                    each.description,
                    each.schema?.default !== undefined && `Default: ${JSON.stringify(each.schema.default)}.`,
                    each.schema?.maximum !== undefined && `${each.schema.minimum ?? 0} to ${each.schema.maximum}.`,
                  ]
                    .filter(Boolean)
                    .join(' '),
              },
            ]}
          />
        </>
      )}
      {operation.requestBody && (
        <>
          <h3>Request</h3>
          <Body content={operation.requestBody.content} all={all.components.schemas} what="the request" />
        </>
      )}
      <h3>Answer {status}</h3>
      <Body content={answer.content ?? {}} all={all.components.schemas} what="the answer" />
      <h3>Other answers</h3>
      <Table
        caption="Other answers"
        rows={answers.filter(([code]) => code !== status)}
        columns={[
          { head: 'Status', cell: ([code]) => code },
          { head: 'When', cell: ([, each]) => each.description },
          {
            head: 'Codes',
            cell: ([, each]) =>
              Object.keys(each.content?.['application/json']?.examples ?? {}).map(code => (
                <>
                  <code>{code}</code>{' '}
                </>
              )),
          },
        ]}
      />
    </>
  );
};

const Entry = (props: { method: string; path: string; operation: Operation; all: Description }) => {
  const [open, setOpen] = useState(false);
  return (
    <details class="operation" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <Badge tone={props.method === 'get' ? 'free' : props.method === 'delete' ? 'bad' : 'paid'}>
          {props.method.toUpperCase()}
        </Badge>{' '}
        <code>{props.path}</code> <span>{props.operation.summary}</span>
      </summary>
      {open && <Detail operation={props.operation} all={props.all} />}
    </details>
  );
};

/** The API reference, from the description that this Freeway serves. */
export const Reference = () => {
  const [wanted, setWanted] = useState('');
  const live = useLive(load, [], 600_000);
  return (
    <Page
      title="API reference"
      note={
        <>
          From <a href="/openapi.json">openapi.json</a>, for tools and generated clients.
        </>
      }
    >
      <Shown live={live}>
        {all => (
          <>
            <p>
              {all.info.title} {all.info.version}. {all.info.description.replaceAll('`', '')}
            </p>
            <Filters>
              <Field label="Find" value={wanted} set={setWanted} placeholder="part of a path or a sentence" />
            </Filters>
            {all.tags.map(tag => {
              const found = Object.entries(all.paths).flatMap(([path, methods]) =>
                Object.entries(methods)
                  .filter(
                    ([, operation]) =>
                      operation.tags.includes(tag.name) &&
                      `${path} ${operation.summary}`.toLowerCase().includes(wanted.toLowerCase()),
                  )
                  .map(([method, operation]) => ({ method, path, operation })),
              );
              return (
                found.length > 0 && (
                  <section class="card" aria-label={tag.name}>
                    <header>
                      <h2>{tag.name}</h2>
                    </header>
                    <p class="note">{tag.description}</p>
                    {found.map(each => (
                      <Entry key={each.operation.operationId} {...each} all={all} />
                    ))}
                  </section>
                )
              );
            })}
          </>
        )}
      </Shown>
    </Page>
  );
};
