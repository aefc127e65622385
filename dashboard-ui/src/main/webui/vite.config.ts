import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const fleet = process.env.SKEIN_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The front door serves `script-src 'self'`: nothing may be inlined as a data: script or style.
  build: { target: 'es2022', assetsInlineLimit: 0, sourcemap: false },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': fleet } },
  preview: { host: '127.0.0.1', port: 4173, proxy: { '/api': fleet } },
});
