// Builds the web app with Vite and puts it where Quarkus serves static files from. Called by Maven; does nothing when neither
// the sources nor the locked packages changed since the last time.
//   node build-web-app.mjs <classes folder>
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const webui = resolve(dirname(fileURLToPath(import.meta.url)), '../webui');
const classes = resolve(process.argv[2] ?? join(webui, '../../../target/classes'));
const built = resolve(classes, '../web-app');
const stampFile = resolve(classes, '../web-app.stamp');
const served = join(classes, 'META-INF/resources');
const NOT_BUILT_FROM = new Set(['node_modules', 'dist', 'e2e', 'coverage', 'README.md', 'eslint.config.js', '.prettierrc.json', '.prettierignore', 'vitest.config.ts']);

function fail(sentence) {
  console.error(`web app: ${sentence}`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old; install Node 20.19 or newer.`);
}

function npm(args, what) {
  const run = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: webui, stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.error) fail(`npm cannot be run (${run.error.message}); it comes with Node.`);
  if (run.status !== 0) fail(`${what} failed with exit code ${run.status}.`);
}

/** Every package the build needs, at the exact version package.json pins. */
function installed(manifest) {
  return Object.entries(manifest.dependencies).every(([name, version]) => {
    const file = join(webui, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (NOT_BUILT_FROM.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

const hash = createHash('sha256');
for (const file of files(webui)) hash.update(relative(webui, file)).update('\0').update(readFileSync(file)).update('\0');
const stamp = hash.digest('hex');

const fresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && existsSync(join(built, 'index.html'));
if (!fresh) {
  const manifest = JSON.parse(readFileSync(join(webui, 'package.json'), 'utf8'));
  // Not "npm ci": it insists on the native parts of every platform, which not every registry carries. The lock holds all the same.
  if (!installed(manifest)) npm(['install', '--no-save', '--omit=dev', '--no-audit', '--no-fund'], 'npm install');
  npm(['exec', '--no', '--', 'vite', 'build', '--outDir', built, '--emptyOutDir', '--logLevel', 'warn'], 'the Vite build');
  if (!existsSync(join(built, 'index.html'))) fail('Vite made no index.html.');
  writeFileSync(stampFile, stamp);
}
if (!fresh || !existsSync(join(served, 'index.html')) || statSync(join(served, 'index.html')).mtimeMs < statSync(stampFile).mtimeMs) {
  rmSync(served, { recursive: true, force: true });
  mkdirSync(served, { recursive: true });
  cpSync(built, served, { recursive: true });
  console.log(`web app: ${[...files(served)].length} files in ${relative(process.cwd(), served)}`);
}
