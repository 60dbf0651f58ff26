import { useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { api, farewell, Failure, failure, keptKey, key, type Schemas, signIn } from './api';
import { Check, Field, Form } from './parts';

export type Session = { role: 'caller'; key: Schemas['Key'] } | { role: 'operator' };

export const session = signal<Session | undefined>(undefined);

/** Asks what a key is. A management key belongs to no organisation, and has no usage. */
async function open(secret: string, keep: boolean): Promise<void> {
  const { data, error, response } = await api.GET('/api/v1/key', { headers: { authorization: `Bearer ${secret}` } });
  if (!data) throw failure(response, error);
  session.value = 'usage' in data ? { role: 'caller', key: data } : { role: 'operator' };
  signIn(secret, keep);
}

key.subscribe(secret => {
  if (!secret) session.value = undefined;
});

export const SignIn = () => {
  const [secret, setSecret] = useState('');
  const [keep, setKeep] = useState(false);
  const [reopening, setReopening] = useState(keptKey() !== '');
  useEffect(() => {
    if (!reopening) return;
    open(keptKey(), true)
      .catch((error: Error) => {
        // Where nothing answered the key may be as good as before.
        farewell.value = error.message;
        if (error instanceof Failure && error.status === 0) setSecret(keptKey());
      })
      .finally(() => setReopening(false));
  }, []);
  if (reopening)
    return (
      <p class="empty" role="status">
        Signing in …
      </p>
    );
  return (
    <main class="sign-in">
      <h1>Freeway</h1>
      <p>See what is left of your free use, who used it, and run it.</p>
      {farewell.value && (
        <p class="problem" role="alert">
          {farewell.value}
        </p>
      )}
      <Form action="Sign in" send={() => open(secret.trim(), keep)}>
        <Field
          label="API key or management key"
          type="password"
          autocomplete="off"
          required
          value={secret}
          set={setSecret}
          hint="It is sent to this Freeway only, and stays in this page's memory."
        />
        <Check label="Keep it in this tab until it is closed" value={keep} set={setKeep} />
      </Form>
      <p class="note">
        An API key shows what its organisation has left and used. A management key runs the whole deployment. On your
        own machine, <code>./run</code> prints one of each. <a href="/docs">API reference</a>
      </p>
    </main>
  );
};
