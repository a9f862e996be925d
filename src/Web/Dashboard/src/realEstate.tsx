import { Anomalies } from './anomalyPanel';
import { Latency, Prices, Throughput } from './charts';
import { Consistency } from './consistency';
import { Explorer } from './explorer';
import { Latest } from './latest';
import { pollEvery } from './source';
import { anomalies, realEstateSources } from './sources';
import { Statistics, TopicIndex } from './statistics';
import type { System } from './systems';

function Panels() {
  return (
    <>
      <div class="grid three">
        <Throughput />
        <Latency />
        <Prices />
      </div>
      <div class="grid three">
        <Statistics />
        <TopicIndex />
        <Consistency />
      </div>
      <div class="grid uneven">
        <Explorer />
        <Latest id="latest" types={['listings', 'bids']} value="Price" />
      </div>
      <div class="grid">
        <Anomalies />
      </div>
    </>
  );
}

/** Listings and bids. */
export const realEstate: System = {
  id: 'real-estate',
  title: 'Real estate',
  page: { title: 'Real Estate Corp.', heading: 'Dashboard', company: 'Real Estate Corp.' },
  sources: realEstateSources,
  anomalies,
  every: pollEvery,
  types: ['listings', 'bids'],
  Panels,
};
