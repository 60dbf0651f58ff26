import { signal } from '@preact/signals';
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** The key that is signed in with. It is kept here, and in the tab's session where the reader asked for that. */
export const key = signal('');

/** When the connection was lost, in milliseconds of this machine's clock; 0 while it holds. */
export const lostAt = signal(0);

/** Why the reader was signed out, for the sign-in page. */
export const farewell = signal('');

/** How far the server's clock is ahead of this machine's, in milliseconds. */
export const skew = signal(0);

/** A request that was not answered as hoped; its message is for the reader. */
export class Failure extends Error {
  constructor(
    /** The HTTP status; 0 where nothing answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds = 0,
    readonly details: readonly Schemas['FieldError'][] = [],
    readonly suggestions: readonly string[] = [],
  ) {
    super(message);
  }
}

const noConnection = () => new Failure(0, 'no_connection', 'Freeway does not answer. This page tries again by itself.');

/** `fetch` that notices when the connection goes and comes back, and what time the server has. */
export async function connect(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (broken) {
    if ((broken as Error).name === 'AbortError') throw broken;
    lostAt.value ||= Date.now();
    throw noConnection();
  }
  lostAt.value = 0;
  const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
  // The header has whole seconds: less than two say nothing.
  skew.value = Math.abs(ahead) > 2000 ? ahead : 0;
  return response;
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: connect });

api.use({
  onRequest({ request }) {
    if (key.value) request.headers.set('authorization', `Bearer ${key.value}`);
    return request;
  },
});

export const failure = (response: Response, body: unknown): Failure => {
  const error = (body as Schemas['Error'] | undefined)?.error;
  return new Failure(
    response.status,
    error?.code ?? `http_${response.status}`,
    error?.message ?? `Freeway answered ${response.status} ${response.statusText}.`,
    Number(response.headers.get('retry-after') ?? 0),
    error?.errors ?? [],
    error?.suggestions ?? [],
  );
};

export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer, or a `Failure`. A key that counts no more signs the reader out. */
export async function take<T>(call: Promise<Answer<T>>): Promise<Exclude<T, string>> {
  const { data, error, response } = await call;
  // Text is what those get who ask for CSV.
  if (response.ok) return data as Exclude<T, string>;
  const failed = failure(response, error);
  if (failed.status === 401 && key.value) {
    signOut(failed.message);
  }
  throw failed;
}

const slot = 'freeway.key';

export function signIn(secret: string, keep: boolean): void {
  farewell.value = '';
  key.value = secret;
  if (keep) sessionStorage.setItem(slot, secret);
}

export function signOut(why = ''): void {
  key.value = '';
  sessionStorage.removeItem(slot);
  farewell.value = why;
}

export const keptKey = (): string => sessionStorage.getItem(slot) ?? '';

/** A name under which a change is made once, however often it is sent. */
export const once = (): { 'Idempotency-Key': string } => ({
  'Idempotency-Key': [...crypto.getRandomValues(new Uint8Array(16))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join(''),
});

/** Has the browser save what this path answers as CSV. */
export async function saveCsv(path: string, query: Record<string, string | undefined>, name: string): Promise<void> {
  const url = new URL(path, location.origin);
  for (const [field, value] of Object.entries(query)) if (value) url.searchParams.set(field, value);
  const response = await connect(url, { headers: { accept: 'text/csv', authorization: `Bearer ${key.value}` } });
  if (!response.ok) throw failure(response, await response.json().catch(() => undefined));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
