import { hydrate } from 'preact';
import { App } from './app';

const root = document.getElementById('app');
if (!root) throw new Error('The page has no place for the dashboard.');
hydrate(<App />, root);
