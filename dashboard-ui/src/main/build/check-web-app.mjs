// Type check, lint, format check and tests of the web app, with what they need installed first. Called by Maven in the test phase.
// The result of the tests goes to dashboard-ui/target/vitest.json, where ./skein test counts it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const webui = resolve(dirname(fileURLToPath(import.meta.url)), '../webui');

function npm(args) {
  const run = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: webui, stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.error || run.status !== 0) {
    console.error(`web app: npm ${args.join(' ')} failed${run.error ? `: ${run.error.message}` : ''}`);
    process.exit(1);
  }
}

if (!['vitest', 'eslint', 'typescript', 'prettier', 'jsdom'].every((name) => existsSync(join(webui, 'node_modules', name)))) {
  npm(['install', '--no-save', '--no-audit', '--no-fund']);
}
npm(['run', 'check']);
npm(['run', 'test:ci']);
