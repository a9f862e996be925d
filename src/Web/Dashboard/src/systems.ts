import type { ComponentType } from 'preact';
import type { Source } from './source';

/** One of the platform's systems: what it asks for and the panels that show it. With more than one the page has tabs. */
export interface System {
  id: string;
  title: string;
  sources: readonly Source[];
  Panels: ComponentType;
}

/** Those of the known systems that the server has switched on; all of them where it says nothing, as when the page is built. */
export function enabled(known: readonly System[], named: string | undefined): System[] {
  const names = (named ?? '').split(' ').filter((name) => name !== '');
  const chosen = known.filter((system) => names.includes(system.id));
  return chosen.length > 0 ? chosen : [...known];
}
