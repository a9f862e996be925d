import { Icon } from './icons';
import { count, rate } from './format';
import { fields, list } from './json';
import { rateAt, samples, services, type ServiceState, type Stage } from './live';
import type { Source } from './source';
import { anomalies, checks, runifyAnomalies } from './sources';

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

// The list of the tab that is open; with one system there is no other.
const odd = (): string => {
  const known = [anomalies, runifyAnomalies].filter(answered);
  return known.length === 0 ? '–' : count(known.reduce((sum, source) => sum + list(source.json.value).length, 0));
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
