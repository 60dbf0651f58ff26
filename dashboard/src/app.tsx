import './style.css';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { api, key, lostAt, signOut } from './api';
import { utc } from './format';
import { now } from './live';
import { Dialog } from './parts';
import { route, to } from './route';
import { session, SignIn } from './session';
import { ActivityPage } from './pages/activity';
import { ConnectPage } from './pages/connect';
import { KeysPage } from './pages/keys';
import { LimitsPage } from './pages/limits';
import { ModelsPage } from './pages/models';
import { TryPage } from './pages/try';
import { UsagePage } from './pages/usage';
import { AuditPage } from './pages/audit';
import { CataloguePage } from './pages/catalogue';
import { OperationsPage } from './pages/operations';
import { OrgPage, OrgsPage } from './pages/orgs';
import { ManagersPage } from './pages/managers';
import { RefusalsPage } from './pages/refusals';
import { UpstreamsPage } from './pages/upstreams';
import { Reference } from './pages/reference';

type Pages = Record<string, { name: string; show: () => preact.ComponentChild }>;

const ofCallers: Pages = {
  limits: { name: 'Limits', show: () => <LimitsPage /> },
  usage: { name: 'Usage', show: () => <UsagePage /> },
  activity: { name: 'Activity', show: () => <ActivityPage /> },
  models: { name: 'Models', show: () => <ModelsPage /> },
  try: { name: 'Try it', show: () => <TryPage /> },
  connect: { name: 'Connect', show: () => <ConnectPage /> },
};

const ofOperators: Pages = {
  operations: { name: 'Operations', show: () => <OperationsPage /> },
  orgs: {
    name: 'Organisations',
    show: () => (route.value[1] ? <OrgPage key={route.value[1]} org={route.value[1]} /> : <OrgsPage />),
  },
  refusals: { name: 'Refusals', show: () => <RefusalsPage /> },
  upstreams: { name: 'Upstreams', show: () => <UpstreamsPage /> },
  catalogue: { name: 'Catalogue', show: () => <CataloguePage /> },
  audit: { name: 'Audit', show: () => <AuditPage /> },
  managers: { name: 'Management keys', show: () => <ManagersPage /> },
};

const themes = ['system', 'light', 'dark'] as const;
const theme = signal<string>(localStorage.getItem('theme') ?? 'system');
theme.subscribe(name => {
  document.documentElement.dataset.theme = name;
  localStorage.setItem('theme', name);
});

const Theme = () => (
  <button
    class="quiet"
    onClick={() => {
      theme.value = themes[(themes.indexOf(theme.value as 'system') + 1) % themes.length];
    }}
  >
    Theme: {theme.value}
  </button>
);

const Lost = () =>
  lostAt.value ? (
    <p class="lost" role="alert">
      Connection lost. What you see is of {utc(new Date(lostAt.value).toISOString()).slice(11)} UTC; trying again …
    </p>
  ) : null;

const Shell = () => {
  const opened = session.value!;
  const own = opened.role === 'caller' && opened.key.manages_keys ? opened.key : undefined;
  const pages: Pages = own
    ? { ...ofCallers, keys: { name: 'Keys', show: () => <KeysPage plan={own.plan} /> } }
    : opened.role === 'caller'
      ? ofCallers
      : ofOperators;
  const leave = () => {
    // The session ends here and on the server; any other key goes on.
    if (own) void api.DELETE('/api/v1/sign-up/session', { headers: { authorization: `Bearer ${key.value}` } });
    signOut();
  };
  const name = route.value[0] in pages ? route.value[0] : Object.keys(pages)[0];
  useEffect(() => {
    document.title = `${pages[name].name} · Freeway`;
    scrollTo(0, 0);
  }, [name]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={event => {
          event.preventDefault();
          document.querySelector('main')!.focus();
        }}
      >
        Skip to the page
      </a>
      <aside>
        <div>
          <a class="brand" href={to()}>
            Freeway
          </a>
          <nav aria-label="Pages">
            {Object.entries(pages).map(([id, page]) => (
              <a href={to(id)} aria-current={id === name ? 'page' : undefined}>
                {page.name}
              </a>
            ))}
            <a href="/docs" target="_blank">
              API reference
            </a>
          </nav>
          <div class="who">
            <span>
              {opened.role === 'caller' ? (
                <>
                  <b>{opened.key.org.name}</b> {opened.key.label}
                </>
              ) : (
                <b>Operator</b>
              )}
            </span>
            <span class="clock">{utc(new Date(now.value).toISOString()).slice(11)} UTC</span>
            <Theme />
            <button class="quiet" onClick={leave}>
              Sign out
            </button>
          </div>
        </div>
      </aside>
      <main tabIndex={-1} id="main" key={name}>
        <Lost />
        {pages[name].show()}
      </main>
    </>
  );
};

const Docs = () => (
  <>
    <aside>
      <div>
        <a class="brand" href="/dashboard">
          Freeway
        </a>
        <nav aria-label="Pages">
          <a href="/dashboard">Dashboard</a>
          <a href="/docs" aria-current="page">
            API reference
          </a>
        </nav>
        <div class="who">
          <Theme />
        </div>
      </div>
    </aside>
    <main id="main">
      <Reference />
    </main>
  </>
);

const App = () => {
  if (location.pathname.startsWith('/docs')) return <Docs />;
  return (
    <>
      {session.value ? <Shell /> : <SignIn />}
      <Dialog />
    </>
  );
};

document.getElementById('app')!.replaceChildren();
render(<App />, document.getElementById('app')!);
