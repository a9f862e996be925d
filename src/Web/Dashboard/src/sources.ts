import { signal } from '@preact/signals';
import { fields, number } from './json';
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

// Another event each time, of those that are counted: the topic has at least as many.
const anyOf = (key: string) => Math.floor(Math.random() * (number(fields(processing.json.value)[key]) ?? 0));

export const run = new Source('Run', () => `analyzer/running?index=${anyOf('num_running_stats')}`);
export const song = new Source('Song', () => `analyzer/music?index=${anyOf('num_music_info')}`);
export const storage = new Source('Stored', () => 'storage/stats');
/** As many as are asked for: there may be more. */
export const mostRunifyAnomalies = 1000;
export const runifyAnomalies = new Source('Anomalies', () => `anomaly/anomalies?limit=${mostRunifyAnomalies}`);
export const status = new Source('Check', () => 'check/check');

/** Everything the Runify panels ask for. */
export const runifySources = [processing, analyzer, run, song, storage, runifyAnomalies, status, checks];

/** Everything the real-estate panels ask for. */
export const realEstateSources = [processing, analyzer, listing, bid, checks, anomalies];
