import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the page works below any path a proxy puts it under.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', modulePreload: false, assetsInlineLimit: 0, cssCodeSplit: false },
  server: {
    // `npm run dev` beside a running platform: everything but the page itself comes from its gateway.
    proxy: Object.fromEntries(
      ['receiver', 'storage', 'processing', 'analyzer', 'consistency_check', 'anomaly_detector', 'anomaly', 'check', 'dashboard'].map((service) => [
        `/${service}/`,
        process.env.GATEWAY ?? 'http://127.0.0.1:8000',
      ]),
    ),
  },
});
