import { signal } from '@preact/signals';
import { count } from './format';
import { fields, list, text } from './json';
import { Content, Panel } from './panel';
import { eventAddress } from './route';
import { anomalies } from './sources';

const kinds = [
  ['', 'All'],
  ['listings', 'Listings'],
  ['bids', 'Bids'],
] as const;
const filter = signal('');
const shownAtMost = 25;

/** What the detector found odd. */
export function Anomalies() {
  const filters = (
    <div class="segments" role="group" aria-label="Show anomalies of">
      {kinds.map(([kind, title]) => (
        <button key={kind} type="button" aria-pressed={filter.value === kind} onClick={() => (filter.value = kind)}>{title}</button>
      ))}
    </div>
  );
  return (
    <Panel id="anomalies" title="Anomalies" hint="Listings and offers outside the configured limits" source={anomalies} actions={filters} wide>
      <Content source={anomalies} empty="No anomalies detected.">
        {() => {
          const all = list(anomalies.json.value).map(fields).filter((anomaly) => filter.value === '' || anomaly['event_type'] === filter.value);
          const shown = all.slice(-shownAtMost).reverse();
          if (all.length === 0) return <p class="state">No anomalies detected.</p>;
          return (
            <>
              <div class="scroll" tabIndex={0} role="region" aria-label="The anomalies as a table">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Type</th>
                      <th scope="col" class="end">Event</th>
                      <th scope="col">Kind</th>
                      <th scope="col">What was seen</th>
                      <th scope="col">Trace id</th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((anomaly, at) => {
                      const traceId = text(anomaly['trace_id']);
                      const type = text(anomaly['event_type']);
                      return (
                        <tr key={`${traceId}-${text(anomaly['anomaly_type'])}-${at}`}>
                          <td><span class={`tag ${type}`}>{type === 'listings' ? 'Listing' : type === 'bids' ? 'Bid' : type}</span></td>
                          <td class="end">{text(anomaly['event_id'])}</td>
                          <td class="nowrap">{text(anomaly['anomaly_type'])}</td>
                          <td class="words">{text(anomaly['description'])}</td>
                          <td><a class="trace" href={eventAddress(traceId)}>{traceId}</a></td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </div>
              {all.length > shown.length && <p class="note">The newest {shown.length} of {count(all.length)}.</p>}
            </>
          );
        }}
      </Content>
    </Panel>
  );
}
