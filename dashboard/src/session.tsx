import { useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { api, farewell, Failure, failure, keptKey, key, type Schemas, signIn, take } from './api';
import { Check, Field, Form } from './parts';
import { go, route } from './route';

export type Session = { role: 'caller'; key: Schemas['Key'] } | { role: 'operator' };

export const session = signal<Session | undefined>(undefined);

/** Asks what a key is. A management key belongs to no organisation, and has no usage. */
async function open(secret: string, keep: boolean): Promise<void> {
  const { data, error, response } = await api.GET('/api/v1/key', { headers: { authorization: `Bearer ${secret}` } });
  if (!data) throw failure(response, error);
  session.value = 'usage' in data ? { role: 'caller', key: data } : { role: 'operator' };
  signIn(secret, keep);
}

/** What the provider sent the browser back with. It leaves the address at once. */
const back = new URLSearchParams(location.search);
if (back.has('state')) history.replaceState(null, '', location.pathname);

/** Opens a session: by a sign-in that comes back, or by an invitation alone. */
async function enter(body: { code: string; state: string } | { invitation: string; terms: string }): Promise<void> {
  const opened = await take(api.POST('/api/v1/sign-up/session', { body }));
  await open(opened.secret, true);
  go('keys');
}

/** Where the operator has opened sign-up: how to sign up and in. */
const SignUp = () => {
  const [offer, setOffer] = useState<Schemas['SignUp']>();
  const [accepted, setAccepted] = useState(false);
  useEffect(() => void api.GET('/api/v1/sign-up').then(({ data }) => setOffer(data), () => {}), []);
  const [page, invitation] = route.value;
  const invited = page === 'invitation';
  if (!offer || (!offer.provider && !invited)) return null;
  const agreed = () => {
    if (!accepted) throw new Error('Accept the terms first.');
    return { terms: offer.terms.version, ...(invited ? { invitation } : {}) };
  };
  const begin = async () => {
    location.assign((await take(api.POST('/api/v1/sign-up', { body: agreed() }))).url);
  };
  return (
    <section aria-label="Sign up">
      <p>
        {invited
          ? 'You are invited to use this Freeway.'
          : offer.invitation_only
            ? 'Sign in if you have an account here. Who is new needs an invitation.'
            : `Get the plan ${offer.plan} and keys of your own.`}{' '}
        <a href={offer.terms.url} target="_blank">
          Terms of use ({offer.terms.version})
        </a>
      </p>
      <Check label="I have read the terms and accept them" value={accepted} set={setAccepted} />
      {offer.provider && (
        <Form action={`Sign in with ${offer.provider}`} send={begin}>
          {null}
        </Form>
      )}
      {invited && (
        <Form
          quiet
          action="Accept for this session alone"
          send={async () => enter({ invitation, ...agreed() })}
        >
          {null}
        </Form>
      )}
    </section>
  );
};

key.subscribe(secret => {
  if (!secret) session.value = undefined;
});

export const SignIn = () => {
  const [secret, setSecret] = useState('');
  const [keep, setKeep] = useState(false);
  const [code, state] = [back.get('code'), back.get('state')];
  const [reopening, setReopening] = useState(keptKey() !== '' || (!!code && !!state));
  useEffect(() => {
    if (back.has('error')) farewell.value = `The provider did not sign you in: ${back.get('error')}.`;
    for (const name of ['code', 'error']) back.delete(name);
    if (!reopening) return;
    (code && state ? enter({ code, state }) : open(keptKey(), true))
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
      <SignUp />
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
