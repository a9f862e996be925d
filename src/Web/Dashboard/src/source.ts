import { signal, type Signal } from '@preact/signals';
import { paused } from './clock';
import { fields, parseJson, text as asText } from './json';
import { tell } from './messages';

/** How often every panel asks, in milliseconds. */
export const pollEvery = 4000;
const patience = 10_000;

/** loading: nothing yet; ready; empty: answered that there is nothing; error: not answered, or with an error. */
export type State = 'loading' | 'ready' | 'empty' | 'error';

export interface Reply {
  status: number;
  text: string;
  json: unknown;
}

/** Asks once. A reply is JSON or has no body; anything else is an error that says so. */
export async function ask(url: string, init?: RequestInit): Promise<Reply> {
  const response = await fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(patience) });
  const text = await response.text();
  if (text === '') return { status: response.status, text, json: undefined };
  try {
    return { status: response.status, text, json: parseJson(text) };
  } catch {
    // Not a service of ours that speaks there.
    return { status: response.status, text: '', json: { detail: `Status code ${response.status}, and the reply is not JSON.` } };
  }
}

/** The sentence in an error reply. */
export function problemOf(reply: Reply): string {
  const { detail, message } = fields(reply.json);
  return asText(detail) || asText(message) || `Status code ${reply.status}`;
}

/** What one address says, asked again and again. What was once known stays, with its age, while the service is away. */
export class Source {
  readonly state: Signal<State> = signal('loading');
  readonly json: Signal<unknown> = signal(undefined);
  /** The last reply that was an answer, as it was sent. */
  readonly text = signal('');
  readonly problem = signal('');
  /** The status of the last reply; 0 when there was none. */
  readonly status = signal(0);
  /** When that reply came; 0 before the first. */
  readonly at = signal(0);
  #asked = 0;
  #shown = 0;

  constructor(
    readonly name: string,
    private readonly url: () => string,
  ) {}

  async refresh(): Promise<void> {
    const turn = ++this.#asked;
    try {
      const reply = await ask(this.url());
      // A slow reply to an earlier question must not replace the answer to a later one.
      if (turn < this.#shown) return;
      this.#shown = turn;
      this.status.value = reply.status;
      if (reply.status === 204) this.#answer('empty', reply);
      else if (reply.status < 300) this.#answer('ready', reply);
      else if (reply.status === 404 && 'message' in fields(reply.json)) this.#answer('empty', reply);
      else this.#fail(problemOf(reply));
    } catch (failure) {
      if (turn < this.#shown) return;
      this.#shown = turn;
      this.status.value = 0;
      const slow = failure instanceof DOMException && failure.name === 'TimeoutError';
      this.#fail(slow ? `No answer within ${patience / 1000} s.` : 'The server cannot be reached.');
    }
  }

  #answer(state: State, reply: Reply): void {
    this.json.value = reply.json;
    this.text.value = reply.text;
    this.problem.value = state === 'empty' ? asText(fields(reply.json)['message']) : '';
    this.at.value = Date.now();
    this.state.value = state;
  }

  #fail(problem: string): void {
    if (this.state.value !== 'error') tell(`${this.name}: ${problem}`);
    this.problem.value = problem;
    this.state.value = 'error';
  }
}

/** When the panels last asked; 0 before the first time. */
export const polledAt = signal(0);

let asking = false;

/** Asks all sources at once; a round that is still under way is not joined by another. */
export async function poll(sources: readonly Source[]): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    await Promise.all(sources.map((source) => source.refresh()));
    polledAt.value = Date.now();
  } finally {
    asking = false;
  }
}

/** Polls until the page is closed; not while it is paused or out of sight. Returns what stops it. */
export function keepPolling(sources: readonly Source[], every = pollEvery): () => void {
  const turn = () => {
    if (!paused.value && !document.hidden) void poll(sources);
  };
  turn();
  const timer = setInterval(turn, every);
  document.addEventListener('visibilitychange', turn);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', turn);
  };
}
