// Checks the types, bundles, and puts the page's first state into the HTML itself, so that it says what it is before any script has run.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, createServer } from 'vite';

const at = process.argv.indexOf('--outDir');
const outDir = at < 0 ? 'dist' : process.argv[at + 1];

execFileSync('node_modules/.bin/tsc', ['--noEmit'], { stdio: 'inherit' });
await build({ logLevel: 'warn', build: { outDir, emptyOutDir: true } });

const server = await createServer({ logLevel: 'error', server: { middlewareMode: true, hmr: false, ws: false, watch: null }, appType: 'custom' });
try {
  const { render } = await server.ssrLoadModule('/src/prerender.tsx');
  const page = join(outDir, 'index.html');
  const html = readFileSync(page, 'utf8');
  if (!html.includes('<!--app-->')) throw new Error('index.html has no place for the page.');
  writeFileSync(page, html.replace('<!--app-->', () => render()));
} finally {
  await server.close();
}
