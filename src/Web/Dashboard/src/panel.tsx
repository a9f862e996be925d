import type { ComponentChildren } from 'preact';
import { now } from './clock';
import { ago } from './format';
import { pollEvery, type Source } from './source';

interface PanelProps {
  title: string;
  id: string;
  hint?: string;
  wide?: boolean;
  source?: Source;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A titled part of the page. With a source it shows how old its content is and what went wrong. */
export function Panel({ title, id, hint, wide, source, actions, children }: PanelProps) {
  return (
    <section class={`panel${wide ? ' wide' : ''}`} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          {hint && <p class="hint">{hint}</p>}
        </div>
        <div class="panel-side">
          {actions}
          {source && <Age source={source} />}
        </div>
      </header>
      {children}
    </section>
  );
}

const isOld = (source: Source): boolean => source.at.value > 0 && now.value - source.at.value > 3 * pollEvery;

/** How old what a source shows is, in words. */
export function Age({ source }: { source: Source }) {
  const at = source.at.value;
  if (source.state.value === 'loading') return <span class="age">Loading…</span>;
  if (at === 0) return <span class="age bad">Not available</span>;
  const old = source.state.value === 'error' || isOld(source);
  return <span class={old ? 'age bad' : 'age'}>{`${old ? 'Stale, as of ' : ''}${ago(now.value - at)}`}</span>;
}

/** The content of one source in whichever of its states it is: not there yet, nothing, an error, or there, greyed once it is old. */
export function Content({ source, empty, children }: { source: Source; empty?: string; children: () => ComponentChildren }) {
  const state = source.state.value;
  if (state === 'loading') return <p class="state">Loading…</p>;
  const trouble = state === 'error' ? <p class="state error">{source.problem.value}</p> : null;
  if (source.at.value === 0) return trouble;
  if (state === 'empty') return <p class="state">{source.problem.value || empty || 'Nothing yet.'}</p>;
  return (
    <>
      {trouble}
      <div class={`content${state === 'error' || isOld(source) ? ' stale' : ''}`}>{children()}</div>
    </>
  );
}
