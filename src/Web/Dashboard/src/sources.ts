import { signal } from '@preact/signals';
import { Source } from './source';

/** What stands in the index field; empty means 1. */
export const index = signal('');
const asked = () => encodeURIComponent(index.value.trim() || '1');

export const processing = new Source('Statistics', () => 'processing/stats');
export const analyzer = new Source('Topic index', () => 'analyzer/stats');
export const listing = new Source('Listing', () => `analyzer/site/listings?index=${asked()}`);
export const bid = new Source('Bid', () => `analyzer/site/bids?index=${asked()}`);
export const checks = new Source('Consistency check', () => 'consistency_check/checks');
export const anomalies = new Source('Anomalies', () => 'anomaly_detector/anomalies');

/** Everything the real-estate panels ask for. */
export const realEstateSources = [processing, analyzer, listing, bid, checks, anomalies];
