import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Source } from './source';

/** One of the platform's systems: what it asks for and the panels that show it. With more than one the page has tabs. */
export interface System {
  id: string;
  title: string;
  /** What the browser's tab and the page's heading say, and who says it. */
  page: { title: string; heading: string; company: string; logo?: string };
  sources: readonly Source[];
  /** What was found to be odd: asked for whichever tab is open, since the way of an event counts it for all systems. */
  anomalies: Source;
  /** How often they are asked, in milliseconds. */
  every: number;
  /** The names of its types on the wire. */
  types: readonly string[];
  Panels: ComponentType;
}

/** The systems that are shown; empty before the page runs. */
export const shown = signal<readonly System[]>([]);

/** Those of the known systems that the server has switched on; all of them where it says nothing, as when the page is built. */
export function enabled(known: readonly System[], named: string | undefined): System[] {
  const names = (named ?? '').split(' ').filter((name) => name !== '');
  const chosen = known.filter((system) => names.includes(system.id));
  return chosen.length > 0 ? chosen : [...known];
}
