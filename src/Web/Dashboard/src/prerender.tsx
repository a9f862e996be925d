import { renderToString } from 'preact-render-to-string';
import { App } from './app';

/** The page as it is before anything is known. */
export const render = (): string => renderToString(<App />);
