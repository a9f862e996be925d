import { useState } from 'preact/hooks';
import { eventAddress } from './route';

/** The way to any event by its trace id. */
export function Find() {
  const [wrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget as HTMLFormElement).get('trace') ?? '').trim();
    setWrong(wanted === '');
    if (wanted !== '') location.hash = eventAddress(wanted);
  };
  return (
    <form class="field-row find" onSubmit={submit}>
      <label for="trace">Trace id of an event</label>
      <input id="trace" name="trace" autocomplete="off" spellcheck={false} placeholder="1738302360430669700" aria-invalid={wrong} aria-describedby="trace-hint" />
      <button type="submit">Find event</button>
      <span id="trace-hint" class={wrong ? 'hint error' : 'hint'}>{wrong ? 'Enter the id that the post was answered with.' : ''}</span>
    </form>
  );
}
