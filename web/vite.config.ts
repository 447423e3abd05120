import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The server sends a strict content security policy: nothing may be inlined, so assets stay files.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // While developing, `monazite serve` answers the API beside Vite's own server.
  server: { proxy: { '/api': process.env.MONAZITE_URL ?? 'http://127.0.0.1:8317' } },
});
