import { Distances, Durations, Songs } from './runifyCharts';
import { Latency, Throughput } from './charts';
import { Consistency } from './consistency';
import { count, dateTime, instant } from './format';
import { fields, list, number, text } from './json';
import { Latest } from './latest';
import { Panel } from './panel';
import { eventAddress } from './route';
import type { Source } from './source';
import { analyzer, processing, run, runifyAnomalies, runifySources, song, status, storage } from './sources';
import { Tile } from './statistics';
import { shown, type System } from './systems';

type Row = [label: string, value: string];

/** A number in another unit with two decimals; what is 0 or absent is not available. */
const scaled = (value: number | undefined, unit: number, name: string): string => (value ? `${(value / unit).toFixed(2)} ${name}` : 'N/A');
const whole = (value: number | undefined): string => (value ? count(value) : 'N/A');
const minutes = (value: unknown): string => scaled(number(value), 60, 'min');
const kilometres = (value: unknown): string => scaled(number(value), 1000, 'km');

/** The time a client wrote, as local time where it can be read. */
function when(value: unknown): string {
  const at = instant(value);
  return at === undefined ? text(value) || 'N/A' : dateTime(at);
}

/** What keeps a panel from showing what it is for; nothing when it can. */
function trouble(source: Source): string {
  const { value: state } = source.state;
  if (state === 'loading') return 'Loading…';
  if (state === 'ready') return '';
  const said = source.problem.value;
  if (source.status.value < 300) return said || 'The server cannot be reached.';
  return `Status code ${source.status.value}${said && !said.startsWith('Status code') ? `: ${said}` : ''}`;
}

function Facts({ rows }: { rows: Row[] }) {
  return (
    <dl class="said">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Trace({ id }: { id: string }) {
  return (
    <p class="note">
      Trace id <a class="trace" href={eventAddress(id)}>{id}</a>
    </p>
  );
}

function Statistics() {
  const problem = trouble(processing);
  const stats = fields(processing.json.value);
  const known = processing.at.value > 0 && processing.status.value !== 404;
  const asOf = instant(stats['last_updated']);
  return (
    <Panel id="runify-stats" title="Statistics" hint="Counted from what is stored" source={processing}>
      <div id="stats">
        {problem && <p class="state">{problem}</p>}
        {known && (
          <dl class="tiles">
            <Tile label="Total Runs" value={whole(number(stats['num_running_stats']))} />
            <Tile label="Average Run Duration" value={minutes(stats['avg_run_duration'])} />
            <Tile label="Max Run Distance" value={kilometres(stats['max_distance'])} />
            <Tile label="Total Songs" value={whole(number(stats['num_music_info']))} />
            <Tile label="Average Song Duration" value={minutes(stats['avg_song_duration'])} />
          </dl>
        )}
      </div>
      <p class="note">
        Last updated <span id="last-updated">{known && asOf !== undefined ? dateTime(asOf) : 'never'}</span>
      </p>
    </Panel>
  );
}

function Sample({ id, title, source, rows }: { id: string; title: string; source: Source; rows: (event: Record<string, unknown>) => Row[] }) {
  const problem = trouble(source);
  const event = fields(source.json.value);
  const traceId = text(event['trace_id']);
  return (
    <Panel id={`${id}-panel`} title={title} hint="Any of those counted" source={source}>
      <div id={id}>
        {problem ? <p class="state">{problem}</p> : <Facts rows={rows(event)} />}
        {!problem && traceId && <Trace id={traceId} />}
      </div>
    </Panel>
  );
}

const runRows = (event: Record<string, unknown>): Row[] => [
  ['User', text(event['user_id'])],
  ['Duration', minutes(event['duration'])],
  ['Distance', kilometres(event['distance'])],
  ['Time', when(event['timestamp'])],
];

const songRows = (event: Record<string, unknown>): Row[] => [
  ['User', text(event['user_id'])],
  ['Song', text(event['song_name'])],
  ['Artist', text(event['artist'])],
  ['Duration', minutes(event['song_duration'])],
  ['Time', when(event['timestamp'])],
];

function NewestAnomaly({ id, title, type }: { id: string; title: string; type: string }) {
  const source = runifyAnomalies;
  const { value: state } = source.state;
  // A reply that has a message says that there was never one.
  const newest = state === 'ready' ? list(source.json.value).map(fields).find((anomaly) => anomaly['event_type'] === type) : undefined;
  const problem = state === 'error' || state === 'loading' ? trouble(source) : newest ? '' : 'No anomalies detected';
  return (
    <Panel id={`${id}-panel`} title={title} hint="The newest" source={source}>
      <div id={id}>
        {problem || !newest ? (
          <p class="state">{problem}</p>
        ) : (
          <>
            <Facts
              rows={[
                ['Type', text(newest['anomaly_type'])],
                ['Event id', text(newest['event_id'])],
                ['Description', text(newest['description'])],
                ['Detected', when(newest['timestamp'])],
              ]}
            />
            <Trace id={text(newest['trace_id'])} />
          </>
        )}
      </div>
    </Panel>
  );
}

function Status() {
  const problem = trouble(status);
  const said = fields(status.json.value);
  const rows: Row[] = (['receiver', 'storage', 'processing', 'analyzer'] as const).map((service) => [
    (service[0] ?? '').toUpperCase() + service.slice(1),
    text(said[service]) || 'N/A',
  ]);
  return (
    <Panel id="runify-check" title="Check" hint="What the services say, asked every 10 s" source={status}>
      <div id="check-status">{problem ? <p class="state">{problem}</p> : <Facts rows={rows} />}</div>
    </Panel>
  );
}

function Counts() {
  const of = (source: Source, key: string) => (source.at.value > 0 ? count(number(fields(source.json.value)[key])) : '–');
  const rows = [
    ['Stored', storage],
    ['On the topic', analyzer],
    ['Counted', processing],
  ] as const;
  return (
    <Panel id="runify-counts" title="Counts" hint="The same at each station once all have caught up" source={storage}>
      <table id="event-counts">
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col" class="end">Runs</th>
            <th scope="col" class="end">Songs</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([title, source]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td class="end">{of(source, 'num_running_stats')}</td>
              <td class="end">{of(source, 'num_music_info')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {storage.state.value === 'error' && <p class="state error">{trouble(storage)}</p>}
    </Panel>
  );
}

function Panels() {
  const alone = shown.value.length === 1;
  return (
    <>
      <div class="grid three">
        <Distances />
        <Durations />
        <Songs />
      </div>
      <div class="grid three">
        <Statistics />
        <Sample id="event-running" title="A run" source={run} rows={runRows} />
        <Sample id="event-music" title="A song" source={song} rows={songRows} />
      </div>
      <div class="grid two">
        <NewestAnomaly id="running-anomalies" title="Anomalies of runs" type="running_stats" />
        <NewestAnomaly id="music-anomalies" title="Anomalies of songs" type="music_info" />
      </div>
      <div class="grid two">
        <Status />
        <Counts />
      </div>
      <div class="grid">
        <Latest id="runify-latest" types={types} value="Distance or length" />
      </div>
      {alone && (
        <div class="grid three">
          <Throughput />
          <Latency />
          <Consistency />
        </div>
      )}
    </>
  );
}

const types = ['running_stats', 'music_info'] as const;

/** Runs and songs. */
export const runify: System = {
  id: 'runify',
  title: 'Runify',
  page: { title: 'Runify Dashboard', heading: 'Runify Statistics', company: 'Runify', logo: 'images/logo.png' },
  sources: runifySources,
  anomalies: runifyAnomalies,
  every: 3000,
  types,
  Panels,
};
