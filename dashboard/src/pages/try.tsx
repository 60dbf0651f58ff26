import { useRef, useState } from 'preact/hooks';
import { api, connect, failure, Failure, key, type Schemas, take } from '../api';
import { amount, number, usd, words } from '../format';
import { now, useLive } from '../live';
import {
  Badge,
  Card,
  Check,
  Countdown,
  Fact,
  Facts,
  Field,
  Filters,
  Form,
  Page,
  Problem,
  Table,
  tierTone,
} from '../parts';
import { route } from '../route';

interface Took {
  tier: string;
  limits: Schemas['Quota'][];
  gifted_tokens: number;
  billed_tokens: number;
  cost_usd: string;
}

interface Chunk {
  choices?: { delta?: { content?: string }; message?: { content?: string } }[];
  error?: { message?: string };
  freeway?: Took;
}

/** The events of a stream, each as the JSON that it holds. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice(5).trim() : '';
      if (data && data !== '[DONE]') yield JSON.parse(data) as Chunk;
    }
  }
}

const telling = /^(x-freeway|x-ratelimit|ratelimit|retry-after|x-should-retry|x-request-id)/;

const Taken = ({ took }: { took: Took }) => (
  <Card title="What it took">
    <Facts>
      <Fact label="Tier">
        <Badge tone={tierTone(took.tier)}>{took.tier}</Badge>
      </Fact>
      <Fact label="Gifted tokens">{number(took.gifted_tokens)}</Fact>
      <Fact label="Billed tokens">{number(took.billed_tokens)}</Fact>
      <Fact label="Cost">{usd(took.cost_usd)}</Fact>
      {took.limits.map(limit => (
        <Fact label={`Left of ${limit.id}`}>
          {limit.remaining === null ? '∞' : amount(limit.remaining, limit.unit)} <small>{words(limit.unit)}</small>
        </Fact>
      ))}
    </Facts>
  </Card>
);

export const TryPage = () => {
  const [model, setModel] = useState(route.value[1] ?? '');
  const [text, setText] = useState('Say hello in five languages.');
  const [stream, setStream] = useState(true);
  const [overflow, setOverflow] = useState('');
  const [answer, setAnswer] = useState('');
  const [headers, setHeaders] = useState<[string, string][]>([]);
  const [took, setTook] = useState<Took>();
  const [failed, setFailed] = useState<Failure>();
  const [comeBack, setComeBack] = useState('');
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);
  const models = useLive(() => take(api.GET('/api/v1/models')), [], 60_000);
  const slugs = models.data?.data.flatMap(each => (each.free.slug ? [each.free.slug, each.id] : [each.id])) ?? [];

  const read = (chunk: Chunk) => {
    const [choice] = chunk.choices ?? [];
    const more = choice?.delta?.content ?? choice?.message?.content;
    if (more) setAnswer(old => old + more);
    if (chunk.freeway) setTook(chunk.freeway);
    if (chunk.error) setFailed(new Failure(200, 'broken off', chunk.error.message ?? 'The upstream broke off.'));
  };

  const send = async () => {
    setAnswer('');
    setHeaders([]);
    setTook(undefined);
    setFailed(undefined);
    setComeBack('');
    setBusy(true);
    stop.current = new AbortController();
    try {
      const response = await connect('/api/v1/chat/completions', {
        method: 'POST',
        signal: stop.current.signal,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${key.value}`,
          'x-freeway-include': 'quota',
          ...(overflow ? { 'x-freeway-overflow': overflow } : {}),
        },
        body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: text }] }),
      });
      setHeaders([...response.headers].filter(([name]) => telling.test(name)));
      if (!response.ok) throw failure(response, await response.json().catch(() => undefined));
      if (stream) for await (const chunk of events(response.body!)) read(chunk);
      else read((await response.json()) as Chunk);
    } catch (error) {
      if ((error as Error).name !== 'AbortError') {
        const told =
          error instanceof Failure ? error : new Failure(0, 'broken off', 'The answer broke off before its end.');
        setFailed(told);
        if (told.retryAfterSeconds) setComeBack(new Date(now.peek() + told.retryAfterSeconds * 1000).toISOString());
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page title="Try it" note="A real request with your key: it takes what its slug takes.">
      <Card title="Request">
        <Form action={busy ? 'Under way …' : 'Send'} send={send}>
          <datalist id="slugs">
            {slugs.map(slug => (
              <option value={slug} />
            ))}
          </datalist>
          <Filters>
            <Field
              label="Model"
              value={model}
              set={setModel}
              list="slugs"
              required
              placeholder={slugs[0] ?? 'model:free'}
            />
            <Field
              label="When free use is spent"
              value={overflow}
              set={setOverflow}
              options={[
                ['', 'as the plan says'],
                ['reject', 'refuse'],
                ['next_free', 'the next free model'],
                ['bill', 'pay'],
              ]}
            />
          </Filters>
          <Field label="Message" value={text} set={setText} rows={3} />
          <Check label="Stream the answer" value={stream} set={setStream} />
        </Form>
        {busy && (
          <button class="stop" onClick={() => stop.current!.abort()}>
            Stop
          </button>
        )}
      </Card>
      {(answer || busy || failed) && (
        <Card title="Answer">
          <Problem failed={failed} />
          {comeBack && (
            <p>
              It is whole again in <Countdown to={comeBack} />.
            </p>
          )}
          {failed && failed.suggestions.length > 0 && (
            <p class="choices">
              Instead:{' '}
              {failed.suggestions.map(slug => (
                <button class="quiet" onClick={() => setModel(slug)}>
                  {slug}
                </button>
              ))}
            </p>
          )}
          {(answer || busy) && (
            <pre class="answer" tabIndex={0} role="region" aria-label="The model's answer" aria-live="polite">
              {answer || '…'}
            </pre>
          )}
        </Card>
      )}
      {took && <Taken took={took} />}
      {headers.length > 0 && (
        <Card title="Headers">
          <Table
            caption="Headers of the answer"
            rows={headers}
            columns={[
              { head: 'Header', cell: ([name]) => <code>{name}</code> },
              { head: 'Value', cell: ([, value]) => <code>{value}</code> },
            ]}
          />
        </Card>
      )}
    </Page>
  );
};
