import { useEffect, useMemo } from 'preact/hooks';
import { acceptedAt, clock, dateTime, span } from './format';
import { Icon } from './icons';
import { fields, formatJson, text } from './json';
import { Content, Panel } from './panel';
import { keepPolling, Source } from './source';
import { stationsOf, type StationEntry } from './stationList';

const icons = { done: 'ok', open: 'wait', away: 'away' } as const;
const states = { done: 'Done', open: 'Not there', away: 'Not known' } as const;

function Station({ station, since }: { station: StationEntry; since: number | undefined }) {
  return (
    <li class={`way-station ${station.state}`}>
      <div class="way-head">
        <span class="way-icon">
          <Icon name={icons[station.state]} />
        </span>
        <h3>{station.name}</h3>
        <span class="age">{station.at === undefined ? states[station.state] : since === undefined || station.at <= since ? clock(station.at) : `+${span(station.at - since)}`}</span>
      </div>
      <p>{station.words}</p>
      {station.facts.length > 0 && (
        <dl class="facts">
          {station.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/** Everything that is known of one event: the stations it has passed, and when. */
export function EventPage({ traceId }: { traceId: string }) {
  const source = useMemo(() => new Source('Event', () => `analyzer/events/${encodeURIComponent(traceId)}`), [traceId]);
  useEffect(() => keepPolling([source]), [source]);
  const accepted = acceptedAt(traceId);
  return (
    <main id="main" class="event-page">
      <p>
        <a href="#/">Back to the dashboard</a>
      </p>
      <Panel id="event" title={`Event ${traceId}`} hint={accepted === undefined ? undefined : `Accepted ${dateTime(accepted)}`} source={source} wide>
        <Content source={source} empty="No event has this trace id.">
          {() => {
            const reply = fields(source.json.value);
            const stations = stationsOf(reply);
            const first = stations.find((station) => station.at !== undefined)?.at ?? accepted;
            return (
              <>
                {text(reply['type']) && (
                  <p>
                    <span class={`tag ${text(reply['type'])}`}>{text(reply['type'])}</span> Id {text(reply['event_id'])}
                  </p>
                )}
                <ol class="way">
                  {stations.map((station) => (
                    <Station key={station.name} station={station} since={first} />
                  ))}
                </ol>
                <details>
                  <summary>As JSON</summary>
                  <pre class="raw" tabIndex={0} role="region" aria-label="The event as JSON">
                    {formatJson(source.text.value)}
                  </pre>
                </details>
              </>
            );
          }}
        </Content>
      </Panel>
    </main>
  );
}
