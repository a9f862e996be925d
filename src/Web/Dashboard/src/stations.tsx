import { Icon } from './icons';
import { count, rate } from './format';
import { rateAt, samples, services, type ServiceState, type Stage } from './live';

interface Station {
  title: string;
  service: string;
  stage?: Stage;
  /** Whether the stage's number is a total, or counts from the service's start. */
  total?: boolean;
  says: string;
}

const stations: Station[] = [
  { title: 'Accepted', service: 'receiver', stage: 'accepted', says: 'committed to the event log' },
  { title: 'Relayed', service: 'receiver', stage: 'relayed', says: 'sent to Kafka' },
  { title: 'Stored', service: 'storage', stage: 'stored', total: true, says: 'in the tables' },
  { title: 'Indexed', service: 'analyzer', stage: 'indexed', total: true, says: 'read from the topic' },
  { title: 'Counted', service: 'processing', stage: 'counted', total: true, says: 'in the statistics' },
  { title: 'Checked', service: 'consistency_check', says: 'compared with each other' },
  { title: 'Watched', service: 'anomaly_detector', says: 'for what is odd' },
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
        const speed = station.stage && rateAt(all, station.stage);
        return (
          <li key={station.title} class={`station ${service?.state.toLowerCase() ?? ''}`}>
            <h3>{station.title}</h3>
            <p class="station-rate">{station.stage ? rate(speed || (speed === 0 ? 0 : undefined)) : '\u00a0'}</p>
            <p class="station-says">{station.stage && station.total ? `${count(last?.[station.stage])} ${station.says}` : station.says}</p>
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
