import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { now, paused, startClock } from './clock';
import { verdict } from './consistency';
import { EventPage } from './eventPage';
import { ago, dateTime } from './format';
import { Icon } from './icons';
import { follow, heardAt, link } from './live';
import { messages } from './messages';
import { realEstate } from './realEstate';
import { runify } from './runify';
import { eventOf, followRoute, route } from './route';
import { keepPolling, polledAt } from './source';
import { Stations } from './stations';
import { enabled, shown, type System } from './systems';
import { followTail } from './tail';
import { choose, restoreTheme, theme, themes } from './theme';

const known: readonly System[] = [realEstate, runify];

function Badge() {
  const [kind, words] = paused.value
    ? ['paused', 'Paused']
    : link.value === 'stream'
      ? ['live', 'Live']
      : link.value === 'polling'
        ? ['polling', 'Asking every 4 s']
        : link.value === 'away'
          ? ['offline', 'Offline']
          : ['polling', 'Connecting'];
  return (
    <span class={`badge ${kind}`} title={heardAt.value > 0 ? `Last heard ${ago(Math.max(0, now.value - heardAt.value))}` : undefined}>
      <span class="dot" />
      {words}
    </span>
  );
}

function Head({ page }: { page: System['page'] }) {
  return (
    <header class="top">
      <div class="brand">
        {page.logo ? (
          <img src={page.logo} alt="" width="34" height="34" />
        ) : (
          <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="8" />
            <path d="M7 16.2 16 8l9 8.2M10 14.8V24h12v-9.2" />
            <path class="tick" d="M13 20.6l2.2 2.2 4-4.4" />
          </svg>
        )}
        <div>
          <p class="company">{page.company}</p>
          <h1>{page.heading}</h1>
        </div>
      </div>
      <div class="tools">
        <p class="updated">
          <Badge />
          <span>
            Updated <span id="last-updated-value">{polledAt.value > 0 ? dateTime(polledAt.value) : 'never'}</span>
          </span>
        </p>
        <button type="button" class="quiet" onClick={() => (paused.value = !paused.value)}>
          <Icon name={paused.value ? 'play' : 'pause'} />
          {paused.value ? 'Resume' : 'Pause'}
        </button>
        <label class="theme">
          <span class="sr">Theme</span>
          <select value={theme.value} onChange={(event) => choose(themes.find((one) => one === event.currentTarget.value) ?? 'system')}>
            <option value="system">System theme</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
      </div>
    </header>
  );
}

function Verdict() {
  const { kind, words, detail } = verdict();
  const icon = kind === 'ok' ? 'ok' : kind === 'bad' ? 'warn' : kind === 'wait' ? 'wait' : 'away';
  return (
    <section class={`verdict ${kind}`} aria-labelledby="verdict-words">
      <div class="verdict-line">
        <span class="verdict-icon">
          <Icon name={icon} />
        </span>
        <div>
          <h2 id="verdict-words">{words}</h2>
          <p class="hint">{detail || '\u00a0'}</p>
        </div>
        {/* Told to those who listen only when it turns, not with every new count. */}
        <p class="sr" role="status">
          {kind === 'ok' ? 'All events are accounted for' : kind === 'bad' ? 'Events are not accounted for' : kind === 'unknown' ? 'Whether all events are accounted for is not known' : ''}
        </p>
      </div>
      <Stations />
    </section>
  );
}

function Messages() {
  return (
    <div id="messages" role="log" aria-label="Messages">
      {messages.value.map((message) => (
        <p key={message.id} class="message">
          {message.text}
        </p>
      ))}
    </div>
  );
}

const tab = signal('');

function Dashboard({ systems, current }: { systems: System[]; current: System }) {
  useEffect(
    () => keepPolling([...new Set([...current.sources, ...systems.map((system) => system.anomalies)])], current.every),
    [systems, current],
  );
  useEffect(() => followTail(systems.flatMap((system) => system.types)), [systems]);
  return (
    <main id="main">
      <Verdict />
      {systems.length > 1 && (
        <nav class="segments" aria-label="Systems">
          {systems.map((system) => (
            <button key={system.id} type="button" aria-pressed={system === current} onClick={() => (tab.value = system.id)}>
              {system.title}
            </button>
          ))}
        </nav>
      )}
      {systems.map((system) => (
        <div key={system.id} class="system" data-system={system.id} hidden={system !== current}>
          <system.Panels />
        </div>
      ))}
    </main>
  );
}

const more = [
  ['processing/hangfire', 'Jobs: statistics'],
  ['consistency_check/hangfire', 'Jobs: checks'],
  ['receiver/ui/', 'Receiver API'],
  ['storage/ui/', 'Storage API'],
  ['analyzer/ui/', 'Analyzer API'],
  ['processing/ui/', 'Processing API'],
  ['consistency_check/ui/', 'Consistency API'],
  ['anomaly_detector/ui/', 'Anomalies API'],
] as const;

export function App() {
  const [systems, setSystems] = useState<System[]>([...known]);
  useEffect(() => {
    const chosen = enabled(known, document.documentElement.dataset['systems']);
    setSystems(chosen);
    shown.value = chosen;
    restoreTheme();
    startClock();
    followRoute();
    return follow();
  }, []);
  const event = eventOf(route.value);
  const current = systems.find((system) => system.id === tab.value) ?? systems[0] ?? realEstate;
  useEffect(() => {
    document.title = current.page.title;
  }, [current]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Head page={current.page} />
      <Messages />
      {event === undefined ? <Dashboard systems={systems} current={current} /> : <EventPage key={event} traceId={event} />}
      <footer class="foot">
        <nav aria-label="More">
          <ul>
            {more.map(([address, title]) => (
              <li key={address}>
                <a href={address}>{title}</a>
              </li>
            ))}
          </ul>
        </nav>
      </footer>
    </>
  );
}
