import { signal } from '@preact/signals';
import { now } from './clock';
import { ago, count, dateTime, instant, plural } from './format';
import { fields, list, number, text } from './json';
import { tell } from './messages';
import { Panel } from './panel';
import { eventAddress } from './route';
import { ask, problemOf } from './source';
import { checks } from './sources';

const running = signal(false);
const success = signal('');
const successFor = 3000;
const shownAtFirst = 20;
const sides = [
  ['db', 'Stored'],
  ['queue', 'On the topic'],
  ['processing', 'Counted'],
] as const;

async function runCheck(): Promise<void> {
  running.value = true;
  success.value = '';
  try {
    const reply = await ask('consistency_check/update', { method: 'POST' });
    const took = number(fields(reply.json)['processing_time_ms']);
    if (reply.status >= 300 || took === undefined || took <= 0) {
      tell(`Consistency check: ${reply.status >= 300 ? problemOf(reply) : 'the reply has no time.'}`);
      return;
    }
    success.value = `Checked in ${count(took)} ms`;
    setTimeout(() => (success.value = ''), successFor);
  } catch {
    tell('Consistency check: the server cannot be reached.');
  } finally {
    running.value = false;
    await checks.refresh();
  }
}

function Missing({ id, title, items, unknown }: { id: string; title: string; items: unknown[]; unknown: string }) {
  const shown = items.slice(0, shownAtFirst).map(fields);
  return (
    <div class="missing">
      <h3 id={`${id}-title`}>{title}</h3>
      <div id={id} class={items.length > 0 ? 'missing-list some' : 'missing-list'}>
        {items.length === 0 ? (
          unknown || 'None'
        ) : (
          <ul aria-labelledby={`${id}-title`}>
            {shown.map((item) => {
              const traceId = text(item['trace_id']);
              return (
                <li key={traceId}>
                  <span class={`tag ${text(item['type'])}`}>{text(item['type'])}</span> {text(item['event_id'])}{' '}
                  <a class="trace" href={eventAddress(traceId)}>{traceId}</a>
                </li>
              );
            })}
            {items.length > shown.length && <li>and {count(items.length - shown.length)} more</li>}
          </ul>
        )}
      </div>
    </div>
  );
}

const titles: Record<string, string> = { listings: 'Listings', bids: 'Bids', running_stats: 'Runs', music_info: 'Songs' };

function Counts() {
  const counts = fields(fields(checks.json.value)['counts']);
  const types = Object.keys(fields(counts['db']));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Where</th>
          {types.map((type) => (
            <th key={type} scope="col" class="end">{titles[type] ?? type}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sides.map(([key, title]) => (
          <tr key={key}>
            <th scope="row">{title}</th>
            {types.map((type) => (
              <td key={type} class="end">{count(number(fields(counts[key])[type]))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The last comparison of topic, tables and statistics, and the button for the next. */
export function Consistency() {
  const state = checks.state.value;
  const known = state !== 'loading' && checks.at.value > 0;
  const result = fields(checks.json.value);
  // That nothing is missing is said only by a check, or by the answer that there was none yet.
  const unknown = known ? '' : state === 'loading' ? 'Loading…' : 'Not known';
  const stale = state === 'error' ? 'stale' : undefined;
  const asOf = instant(result['last_updated']);
  return (
    <Panel
      id="consistency"
      title="Consistency"
      hint="Compared event by event"
      source={checks}
      actions={
        <form
          id="consistency-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!running.value) void runCheck();
          }}
        >
          <button id="run-check" type="submit" disabled={running.value}>{running.value ? 'Running Check...' : 'Run check'}</button>
        </form>
      }
    >
      <p class="banner" role="status">{success.value && <span>{success.value}</span>}</p>
      {state === 'error' && <p class="state error">{checks.problem.value}</p>}
      <div id="consistency-results" class={stale}>
        {state === 'loading' ? <p class="state">Loading…</p> : !known ? <p class="state">Not known</p> : state === 'empty' ? <p class="state">{checks.problem.value}</p> : <Counts />}
      </div>
      <div class={`pair ${stale ?? ''}`}>
        <Missing id="missing-db" title="Missing in the database" items={list(result['missing_in_db'])} unknown={unknown} />
        <Missing id="missing-queue" title="Missing on the topic" items={list(result['missing_in_queue'])} unknown={unknown} />
      </div>
      {asOf !== undefined && <p class="note">Checked {dateTime(asOf)} ({ago(Math.max(0, now.value - asOf))})</p>}
    </Panel>
  );
}

export type Verdict = { kind: 'wait' | 'ok' | 'bad' | 'unknown'; words: string; detail: string };

/** What the last check means, in words. */
export function verdict(): Verdict {
  const state = checks.state.value;
  if (state === 'loading') return { kind: 'wait', words: 'Asking for the last check', detail: '' };
  if (checks.at.value === 0) return { kind: 'unknown', words: 'Not known: the consistency service cannot be asked', detail: checks.problem.value };
  if (state === 'empty') return { kind: 'wait', words: 'Not checked yet', detail: checks.problem.value };
  const result = fields(checks.json.value);
  const missing = list(result['missing_in_db']).length + list(result['missing_in_queue']).length;
  const stored = fields(fields(result['counts'])['db']);
  const total = Object.values(stored).reduce((sum: number, value) => sum + (number(value) ?? 0), 0);
  const asOf = instant(result['last_updated']);
  const age = asOf === undefined ? '' : `checked ${ago(Math.max(0, now.value - asOf))}`;
  const detail = state === 'error' ? `${age}; the consistency service cannot be asked now` : age;
  if (missing > 0) return { kind: 'bad', words: `${plural(missing, 'event')} not accounted for`, detail };
  return { kind: state === 'error' ? 'unknown' : 'ok', words: total === 0 ? 'No events yet' : `All ${plural(total, 'event')} accounted for`, detail };
}
