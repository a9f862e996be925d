import { formatJson } from './json';
import type { Source } from './source';

/** What a source answered, as it was sent: every digit and every letter, as text. */
export function Raw({ id, source, label }: { id: string; source: Source; label: string }) {
  const sent = source.text.value;
  const state = source.state.value;
  const shown = sent !== '' ? formatJson(sent) : state === 'loading' ? 'Loading…' : state === 'error' ? source.problem.value : 'Nothing';
  const old = sent !== '' && state === 'error';
  return (
    <pre id={id} class={old ? 'raw stale' : 'raw'} tabIndex={0} role="region" aria-label={label}>
      {shown}
    </pre>
  );
}
