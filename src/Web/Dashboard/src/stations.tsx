import { Icon } from './icons';
import { count, rate } from './format';
import { fields, list } from './json';
import { rateAt, samples, services, type ServiceState, type Stage } from './live';
import type { Source } from './source';
import { checks, mostRunifyAnomalies, runifyAnomalies } from './sources';
import { shown } from './systems';

interface Station {
  title: string;
  service: string;
  stage?: Stage;
  /** Whether the stage's number is a total, or counts from the service's start. */
  total?: boolean;
  says: string;
  /** What to show instead of a rate. */
  found?: () => string;
}

const answered = (source: Source): boolean => source.at.value > 0;
const missing = (): number => {
  const result = fields(checks.json.value);
  return list(result['missing_in_db']).length + list(result['missing_in_queue']).length;
};

// Of every system that is on, whichever tab is open; a number without one of them would be wrong.
const odd = (): string => {
  const found = shown.value.map((system) => system.anomalies);
  if (found.length === 0 || !found.every(answered)) return '–';
  const numbers = found.map((source) => list(source.json.value).length);
  const more = found.includes(runifyAnomalies) && list(runifyAnomalies.json.value).length >= mostRunifyAnomalies;
  return `${count(numbers.reduce((sum, one) => sum + one, 0))}${more ? '+' : ''}`;
};

const stations: Station[] = [
  { title: 'Accepted', service: 'receiver', stage: 'accepted', says: 'committed to the event log' },
  { title: 'Relayed', service: 'receiver', stage: 'relayed', says: 'sent to Kafka' },
  { title: 'Stored', service: 'storage', stage: 'stored', total: true, says: 'in the tables' },
  { title: 'Indexed', service: 'analyzer', stage: 'indexed', total: true, says: 'read from the topic' },
  { title: 'Counted', service: 'processing', stage: 'counted', total: true, says: 'in the statistics' },
  { title: 'Checked', service: 'consistency_check', says: 'not accounted for', found: () => (checks.state.value === 'ready' || (answered(checks) && 'counts' in fields(checks.json.value)) ? count(missing()) : '–') },
  { title: 'Watched', service: 'anomaly_detector', says: 'found to be odd', found: odd },
];

const words: Record<ServiceState, [icon: 'ok' | 'warn' | 'away', text: string]> = {
  Up: ['ok', 'Ready'],
  Unready: ['warn', 'In trouble'],
  Away: ['away', 'Not reachable'],
};

/** Every station an event passes: how many, how fast, and how its service is. */
export function Stations() {
  const all = samples.value;
  const last = all.at(-1);
  return (
    <ol class="stations" aria-label="The way of an event">
      {stations.map((station) => {
        const service = services.value.find((other) => other.name === station.service);
        const [icon, state] = service ? words[service.state] : (['wait', 'Asking…'] as const);
        const speed = station.stage === undefined ? undefined : rateAt(all, station.stage);
        return (
          <li key={station.title} class={`station ${service?.state.toLowerCase() ?? ''}`}>
            <h3>{station.title}</h3>
            <p class="station-rate">{station.found ? station.found() : rate(speed)}</p>
            <p class="station-says">{station.total && station.stage ? `${count(last?.[station.stage])} ${station.says}` : station.says}</p>
            <p class="station-state" title={service?.detail}>
              <Icon name={icon} />
              {state}
            </p>
            {service && service.state !== 'Up' && <p class="station-detail">{service.detail}</p>}
          </li>
        );
      })}
    </ol>
  );
}
