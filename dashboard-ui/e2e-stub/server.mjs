// A stand-in for the front door while the web app is being worked on: the JSON of the real API, kept in memory, no real
// work. Development only; nothing here is built or shipped.   node e2e-stub/server.mjs [port]; sign in as ada / ada
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2] ?? 8099);
const dist = fileURLToPath(new URL('../src/main/webui/dist', import.meta.url));
const ago = (s) => new Date(Date.now() - s * 1000).toISOString();
const sha = (t) => createHash('sha256').update(String(t)).digest('hex');
const user = { id: randomUUID(), name: 'ada', team: 'default', roles: ['viewer', 'operator', 'approver', 'admin'], fleet: true };
const people = [user, { id: randomUUID(), name: 'olga', team: 'default', roles: ['viewer', 'operator'] }, { id: randomUUID(), name: 'vic', team: 'lab', roles: ['viewer', 'operator', 'approver', 'admin'] }].map((p, i) => ({ id: p.id, name: p.name, team: p.team, roles: p.roles, disabled: i === 1, createdAt: ago(90000 * (4 - i)) }));
const tokens = [['ci', 'person', ['viewer', 'operator'], 90], ['attic', 'node', [], 300], ['old laptop', 'person', ['viewer'], -3]].map(([name, kind, scopes, days]) => ({ id: randomUUID(), name, kind, owner: 'ada', scopes, subject: kind === 'node' ? 'attic.lan' : undefined, createdAt: ago(9e6), expiresAt: ago(-86400 * days), lastUsedAt: days > 0 ? ago(days * 30) : undefined, expired: days < 0 }));
const teams = ['default', 'lab', 'attic'].map((name) => ({ name, createdBy: name === 'default' ? 'setup' : 'ada', createdAt: ago(400000) }));
const plans = new Map();
const feeds = new Map();
let cutEvery = 0;

const step = (number, name, playbook, risk, seconds, dependsOn, variables, extra = {}) => ({
  id: randomUUID(), number, name, clause: name.toLowerCase(), playbook, playbookId: sha(playbook).slice(0, 12), playbookHash: sha(playbook),
  dependsOn, variables, inventory: 'inventories/homelab.yml', inventorySource: 'from "the homelab"', hosts: ['nas01'],
  resources: { cpuCores: 1, memoryBytes: 536870912, vramBytes: 0 }, estimatedSeconds: seconds, estimateSource: 'history', risk,
  agent: 'infra-agent-1', matchConfidence: 0.94,
  score: { total: 87, pastSuccess: 38, recentContext: 20, specialisation: 20, load: 9, reason: 'Ran this playbook 12 times here, 11 of them well; 2 of 4 slots free.' },
  status: 'pending', statusReason: null, startedAt: null, finishedAt: null, exitCode: null, recap: null, notices: [], suggestions: [], ...extra,
});
const kuma = () => [
  step(1, 'Deploy Uptime Kuma', 'uptime-kuma/deploy.yml', 'low', 70, [], [
    { name: 'kuma_port', value: 3001, source: 'playbook_default', quote: null, secret: false },
    { name: 'kuma_version', value: '2.0.2', source: 'playbook_default', quote: null, secret: false },
    { name: 'target_host', value: 'nas01', source: 'inventory', quote: 'the homelab', secret: false },
    { name: 'admin_password', value: null, source: 'inventory', quote: null, secret: true }]),
  step(2, 'Add 2 portals as monitors', 'uptime-kuma/monitors.yml', 'medium', 30, [1], [
    { name: 'portals', value: [{ name: 'wiki', url: 'http://wiki.lan' }, { name: 'git', url: 'http://git.lan' }], source: 'inventory', quote: 'our existing portals', secret: false },
    { name: 'kuma_port', value: 3002, source: 'request', quote: 'port 3002', secret: false }]),
];
function make(text, status, steps, more = {}) {
  const id = randomUUID();
  const plan = {
    id, requestId: randomUUID(), sessionId: more.sessionId ?? randomUUID(), text, version: 1, status, statusReason: null, requestedBy: 'ada', team: 'home',
    priority: 'normal', highValue: false, planner: { name: 'embedded', reason: 'no LLM is configured' }, planHash: sha(id), createdAt: ago(240), updatedAt: ago(200),
    approvedBy: null, approvedAt: null, rejectedReason: null, startedAt: null, finishedAt: null, estimatedSeconds: 100, hosts: ['nas01'], questions: [], steps, auditCommit: null, ...more,
  };
  plans.set(id, { now: plan, old: [] });
  feeds.set(id, { events: [], open: new Set() });
  return plan;
}
const TASKS = ['Gathering Facts', 'Make the data directory', 'Write compose.yaml', 'Look for a Docker engine', 'Start the container', 'Wait for the port', 'Restart uptime-kuma'];
function emit(plan, event) {
  const feed = feeds.get(plan.id);
  const full = { seq: feed.events.length + 1, at: new Date().toISOString(), planId: plan.id, ...event };
  feed.events.push(full);
  for (const res of feed.open) write(res, full);
  if (cutEvery && full.seq % cutEvery === 0) for (const res of feed.open) res.destroy();
}
const write = (res, e) => res.write(`id: ${e.seq}\nevent: ${e.kind}\ndata: ${JSON.stringify(e)}\n\n`);
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
async function execute(plan, fast = false) {
  const pace = (ms) => (fast ? undefined : wait(ms));
  plan.status = 'running'; plan.startedAt = new Date().toISOString(); emit(plan, { kind: 'plan', status: 'running' });
  for (const s of plan.steps) {
    s.status = 'dispatched'; emit(plan, { kind: 'step', stepNumber: s.number, status: 'dispatched' }); await pace(500);
    s.status = 'running'; s.startedAt = new Date().toISOString(); emit(plan, { kind: 'step', stepNumber: s.number, status: 'running' });
    const fails = /fail/.test(plan.text) && s.number === 1;
    for (const [i, task] of TASKS.entries()) {
      await pace(700);
      while (plan.status === 'paused') await wait(300);
      if (plan.status === 'cancelled') return;
      const outcome = fails && i === 4 ? 'failed' : i === 3 ? 'skipped' : i === 2 || i === 1 ? 'changed' : 'ok';
      emit(plan, { kind: 'task', stepNumber: s.number, task: { play: s.name, task, action: 'ansible.builtin.template', host: 'nas01', outcome, ignored: false, durationMillis: 240 + i * 130,
        message: outcome === 'failed' ? 'Error: no container engine answered on unix:///var/run/docker.sock\nInstall one, or set kuma_runtime to "process".' : outcome === 'skipped' ? 'Conditional result was False' : '',
        diff: i === 2 ? [{ before: 'services:\n  uptime-kuma:\n    image: louislam/uptime-kuma:2.0.1\n', after: 'services:\n  uptime-kuma:\n    image: louislam/uptime-kuma:2.0.2\n    ports: ["3001:3001"]\n', after_header: '/srv/uptime-kuma/compose.yaml' }] : undefined } });
      if (outcome === 'failed') break;
    }
    s.finishedAt = new Date().toISOString(); s.exitCode = fails ? 2 : 0; s.status = fails ? 'failed' : 'completed';
    s.recap = { nas01: { ok: 6, changed: 2, failed: fails ? 1 : 0, skipped: 1, unreachable: 0 } };
    if (s.number === 1) s.notices = ['No Docker engine answered, so Uptime Kuma was written but not started. Start one and ask again.'];
    emit(plan, { kind: 'step', stepNumber: s.number, status: s.status, reason: fails ? 'Start the container failed on nas01' : undefined });
    if (fails) {
      s.statusReason = 'Start the container failed on nas01'; s.suggestions = [{ category: 'error_handling', severity: 'medium', rule: 'no-handler', message: 'Check for the engine before starting the container, and fail with a sentence.', path: 'uptime-kuma/deploy.yml', line: 31 }];
      for (const later of plan.steps.filter((x) => x.number > s.number)) { later.status = 'skipped'; later.statusReason = 'Step 1 failed'; }
      break;
    }
  }
  plan.status = plan.steps.some((s) => s.status === 'failed') ? 'failed' : 'completed'; plan.finishedAt = new Date().toISOString();
  emit(plan, { kind: 'plan', status: plan.status });
  for (const res of feeds.get(plan.id).open) res.end();
  setTimeout(() => { plan.auditCommit = sha(plan.id).slice(0, 40); }, 1500);
}
make('Deploy Uptime Kuma to the homelab and add our existing portals to the config', 'awaiting_approval', kuma());
make('Set up the backup thing and rotate the logs on nas01', 'needs_input', [
  step(1, 'Set up the backup thing', null, null, 0, [], [], { agent: null, score: null, matchConfidence: 0.71, playbookHash: null }),
  step(2, 'Rotate the logs', 'maintenance/rotate-logs.yml', 'low', 12, [], [{ name: 'keep_days', value: null, source: 'missing', quote: null, secret: false }]),
], { questions: [
  { code: 'ambiguous', stepNumber: 1, clause: 'Set up the backup thing', message: 'Which playbook is meant by “Set up the backup thing”?', candidates: [{ playbook: 'backup/restic.yml', name: 'Back up with restic', confidence: 0.74 }, { playbook: 'backup/snapshots.yml', name: 'ZFS snapshots', confidence: 0.69 }] },
  { code: 'missing_variable', stepNumber: 2, clause: 'rotate the logs on nas01', message: 'How many days of logs should be kept?', variable: 'keep_days', candidates: [] }] });
const done = make('Add the wiki to the portals', 'approved', kuma().slice(0, 1), { approvedBy: 'ada', approvedAt: ago(3000), createdAt: ago(4000) });
await execute(done, true);
const bad = make('Deploy it so that it will fail', 'approved', kuma(), { approvedBy: 'ada', approvedAt: ago(8000), createdAt: ago(9000) });
await execute(bad, true);
const live = make('Update packages on web01 and web02, then restart nginx', 'approved', kuma(), { approvedBy: 'ada', approvedAt: ago(5) });
void execute(live);

const page = (items) => ({ items, next: null });
const entry = (seq, type, status, plan) => ({ id: String(seq), seq, at: ago(600 - seq * 9), type, actor: seq % 3 ? 'ada' : 'infra-agent-1', status, planId: plan, resources: ['host:nas01'], traceId: sha(`t${seq}`).slice(0, 32), hash: sha(`h${seq}`), previousHash: sha(`h${seq - 1}`), data: { reason: null, seconds: seq } });
const routes = [
  ['GET', /^\/fleet$/, () => page(['dashboard-ui', 'orchestrator-service', 'registry-service', 'runtime-service', 'lock-service', 'audit-service', 'infra-agent-service', 'desktop-agent'].map((name, i) => ({ name, status: i === 9 ? 'down' : 'ready', since: ago(5000) })))],
  ['GET', /^\/me$/, () => user],
  ['GET', /^\/plans$/, () => page([...plans.values()].map((p) => p.now).sort((a, b) => b.createdAt.localeCompare(a.createdAt)).map((p) => ({ ...p, steps: p.steps.length })))],
  ['GET', /^\/plans\/([^/]+)$/, (m, q) => { const p = plans.get(m[1]); if (!p) return undefined; const v = Number(q.get('version')); return v && v !== p.now.version ? p.old.find((o) => o.version === v) : p.now; }],
  ['GET', /^\/plans\/([^/]+)\/versions$/, (m) => page([...plans.get(m[1]).old, plans.get(m[1]).now].map((p) => ({ version: p.version, status: p.status, planHash: p.planHash, createdAt: p.createdAt })))],
  ['POST', /^\/requests$/, (_m, _q, b) => make(b.text, 'awaiting_approval', kuma(), { createdAt: new Date().toISOString(), sessionId: b.sessionId })],
  ['POST', /^\/plans\/([^/]+)\/approve$/, (m) => { const p = plans.get(m[1]).now; p.status = 'approved'; p.approvedBy = 'ada'; void execute(p); return p; }],
  ['POST', /^\/plans\/([^/]+)\/reject$/, (m, _q, b) => { const p = plans.get(m[1]).now; p.status = 'rejected'; p.rejectedReason = b.reason; return p; }],
  ['POST', /^\/plans\/([^/]+)\/(pause|resume|cancel)$/, (m) => { const p = plans.get(m[1]).now; p.status = { pause: 'paused', resume: 'running', cancel: 'cancelled' }[m[2]]; emit(p, { kind: 'plan', status: p.status }); return p; }],
  ['POST', /^\/plans\/([^/]+)\/modify$/, (m, _q, b) => { const p = plans.get(m[1]); p.old.push({ ...structuredClone(p.now), status: 'superseded' }); p.now.version++; p.now.questions = []; p.now.status = 'awaiting_approval'; p.now.planHash = sha(JSON.stringify(b)); p.now.steps = p.now.steps.filter((s) => !b.steps?.some((c) => c.number === s.number && c.drop)); for (const c of b.steps ?? []) for (const s of p.now.steps) if (s.number === c.number) { s.playbook = c.playbook ?? s.playbook; for (const v of s.variables) if (c.variables && v.name in c.variables) { v.value = c.variables[v.name]; v.source = 'modified'; } } return p.now; }],
  ['GET', /^\/sessions\/([^/]+)$/, (m) => ({ id: m[1], title: null, createdAt: ago(500) })],
  ['GET', /^\/sessions\/([^/]+)\/messages$/, (m) => page([...plans.values()].map((p) => p.now).filter((p) => p.sessionId === m[1]).flatMap((p) => [{ id: p.id, role: 'user', text: p.text, planId: p.id, createdAt: p.createdAt }, { id: `a${p.id}`, role: 'assistant', text: `A plan with ${p.steps.length} steps on nas01.`, planId: p.id, createdAt: p.createdAt }]))],
  ['GET', /^\/users$/, (_m, q) => page(people.filter((p) => p.team === (q.get('team') ?? user.team)))],
  ['POST', /^\/users$/, (_m, _q, b) => { const p = { id: randomUUID(), name: b.username, team: b.team ?? user.team, roles: b.roles, disabled: false, createdAt: ago(0) }; people.push(p); return p; }],
  ['PATCH', /^\/users\/([^/]+)$/, (m, _q, b) => Object.assign(people.find((p) => p.id === m[1]), b)],
  ['POST', /^\/users\/([^/]+)\/password$/, () => null],
  ['DELETE', /^\/users\/([^/]+)$/, (m) => { people.splice(people.findIndex((p) => p.id === m[1]), 1); return null; }],
  ['GET', /^\/tokens$/, () => page(tokens)],
  ['POST', /^\/tokens$/, (_m, _q, b) => { const t = { id: randomUUID(), owner: user.name, scopes: [], createdAt: ago(0), expiresAt: ago(-86400 * b.expiresInDays), expired: false, ...b }; tokens.unshift(t); return { ...t, token: `skein_${b.kind[0]}_0sTubStubStubStubStubStubStubStubStubStubStubStub1` }; }],
  ['DELETE', /^\/tokens\/([^/]+)$/, (m) => { tokens.splice(tokens.findIndex((t) => t.id === m[1]), 1); return null; }],
  ['GET', /^\/teams$/, () => page(teams.map((t) => ({ ...t, people: people.filter((p) => p.team === t.name).length })))],
  ['POST', /^\/teams$/, (_m, _q, b) => { teams.push({ name: b.name, createdBy: user.name, createdAt: ago(0) }); return { ...teams.at(-1), people: 0 }; }],
  ['DELETE', /^\/teams\/([^/]+)$/, (m) => { teams.splice(teams.findIndex((t) => t.name === m[1]), 1); return null; }],
  ['POST', /^\/me\/password$/, () => null],
  ['GET', /^\/nodes$/, () => page([['nas01', 'online', 0.21, []], ['gpu-box', 'online', 0.88, [{ name: 'NVIDIA RTX 4090', source: 'nvidia-smi', vramTotalBytes: 25769803776, vramFreeBytes: 22548578304 }]], ['laptop', 'offline', 0.02, []]].map(([name, status, cpu, gpus]) => ({ name, team: 'home', status, cordoned: false, labels: {}, agentVersion: '0.1.0', lastHeartbeatAt: ago(status === 'online' ? 12 : 4000), registeredAt: ago(90000), resources: { os: 'Debian 12', arch: 'amd64', cpuCores: 8, cpuUsedFraction: cpu, loadAverages: [0.4, 0.5, 0.33], memoryTotalBytes: 34359738368, memoryAvailableBytes: 12359738368, disks: [], gpus } })))],
  ['GET', /^\/agents\/live$/, () => page([{ agentId: 'infra-agent-1', agentType: 'infra', node: 'nas01', team: 'home', version: '0.1.0', capabilities: ['ansible.playbook', 'ansible.check'], slots: 4, busy: 1, online: true, lastHeartbeatAt: ago(4), tasks: 31, successRate: 0.93 }])],
  ['GET', /^\/agents$/, () => page([{ id: 'infra-operator', name: 'Infra Operator', version: '1.0.0', type: 'specialist', description: 'Runs playbooks that a person approved.', triggers: [{ type: 'plan.approved' }] }, { id: 'monitoring-manager', name: 'Monitoring Manager', version: '1.0.0', type: 'master_operator', description: 'Watches machines and says when one is gone.', triggers: [{ type: 'device.*' }] }])],
  ['GET', /^\/playbooks$/, () => page([['uptime-kuma/deploy.yml', 'Deploy Uptime Kuma', 'low'], ['uptime-kuma/monitors.yml', 'Add portals as monitors', 'medium'], ['backup/restic.yml', 'Back up with restic', 'high'], ['broken/half.yml', null, null]].map(([path, name, risk]) => ({ id: sha(path).slice(0, 12), path, name, description: 'Writes a compose file and starts the container where there is an engine.', hosts: 'homelab', tags: ['monitoring'], service: 'uptime-kuma', risk, undo: 'uptime-kuma/remove.yml', check: true, estimatedSeconds: 70, variables: [{ name: 'kuma_port', default: 3001, required: false, description: 'Port of the web page', type: 'int', secret: false }, { name: 'target', default: null, required: true, description: 'Where to', type: 'string', secret: false }], contentSha256: sha(path), broken: path.startsWith('broken') ? 'not YAML, line 7: mapping values are not allowed here' : null, updatedAt: ago(7000) })))],
  ['POST', /^\/playbooks\/rescan$/, () => ({ found: 4 })],
  ['GET', /^\/locks$/, () => page([{ id: randomUUID(), resourceIds: ['host:web01', 'host:web02'], ownerId: `plan:${live.id}`, ownerType: 'plan', team: 'home', priority: 'normal', grantedAt: ago(40), expiresAt: ago(-25), fencingTokens: { 'host:web01': 7, 'host:web02': 12 }, status: 'held' }])],
  ['GET', /^\/events\/stats$/, () => ({ total: 214, routed: 180, unhandled: 34 })],
  ['GET', /^\/events$/, (_m, q) => page([['plan.completed', 'normal'], ['step.completed', 'normal'], ['device.offline', 'critical'], ['lock.granted', 'low'], ['plan.approved', 'high']].map(([type, priority], i) => ({ id: `e${i}`, type, source: 'orchestrator-service', priority, time: ago(20 + i * 60), actor: 'ada', subject: 'host:nas01', planId: i === 2 ? null : done.id, routedTo: i === 2 ? ['monitoring-manager'] : [], handled: i !== 3 })).filter((e) => !q.get('priority') || e.priority === q.get('priority')))],
  ['GET', /^\/audit\/entries$/, (_m, q) => page(['request.received', 'plan.created', 'plan.approved', 'lock.granted', 'step.dispatched', 'step.completed', 'plan.completed'].map((t, i) => entry(i + 1, t, t.split('.')[1], q.get('planId') ?? done.id)))],
  ['GET', /^\/audit\/tasks\/([^/]+)$/, (m) => ({ taskId: m[1], path: `.audit/tasks/${m[1]}.json`, commit: sha(m[1]).slice(0, 40), record: {} })],
  ['GET', /^\/audit\/verify$/, () => ({ valid: true, partition: 'main', entries: 214, commits: 12, chainHead: sha('head'), durationMillis: 9 })],
];
const problem = (res, status, code, title, detail, more = {}) => { res.writeHead(status, { 'Content-Type': 'application/problem+json' }); res.end(JSON.stringify({ type: 'about:blank', status, code, title, detail, ...more })); };
const json = (res, body, status = 200, headers = {}) => { res.writeHead(status, { 'Content-Type': 'application/json', ...headers }); res.end(JSON.stringify(body)); };
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.html': 'text/html' };

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  res.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'");
  if (!url.pathname.startsWith('/api/v1/')) {
    const file = join(dist, normalize(url.pathname));
    const body = (extname(file) && (await readFile(file).catch(() => undefined))) || (await readFile(join(dist, 'index.html')));
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/html' }); return res.end(body);
  }
  const path = url.pathname.slice('/api/v1'.length);
  let raw = ''; for await (const piece of req) raw += piece;
  const body = raw ? JSON.parse(raw) : {};
  const answer = { accessToken: 'stub', expiresIn: 900, user };
  if (path === '/auth/options') return json(res, { setup: false, registration: 'open', oidc: [{ id: 'lab', name: 'Lab directory', url: '/api/v1/auth/oidc/lab' }] });
  if (path === '/auth/register') return json(res, { ...answer, user: { ...user, name: body.username, roles: ['viewer'], fleet: false } }, 201);
  if (path === '/auth/sign-in') return body.password === 'ada' ? json(res, answer, 200, { 'Set-Cookie': 'skein_refresh=1; HttpOnly; SameSite=Strict; Path=/api/v1/auth' }) : problem(res, 401, 'bad_credentials', 'User name or password is wrong');
  if (path === '/auth/refresh') return /skein_refresh=1/.test(req.headers.cookie ?? '') ? json(res, answer) : problem(res, 401, 'unauthenticated', 'Sign in first');
  if (path === '/auth/sign-out') return json(res, {}, 200, { 'Set-Cookie': 'skein_refresh=; Max-Age=0; Path=/api/v1/auth' });
  if (req.headers.authorization !== 'Bearer stub') return problem(res, 401, 'unauthenticated', 'Sign in first');
  if (path === '/stub/cut') { cutEvery = Number(url.searchParams.get('every') ?? 3); return json(res, { cutEvery }); }
  const stream = /^\/plans\/([^/]+)\/stream$/.exec(path);
  if (stream) {
    const feed = feeds.get(stream[1]); const after = Number(req.headers['last-event-id'] ?? 0);
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    feed.events.filter((e) => e.seq > after).forEach((e) => write(res, e));
    if (['completed', 'failed', 'cancelled', 'rejected'].includes(plans.get(stream[1]).now.status)) return res.end();
    feed.open.add(res); req.on('close', () => feed.open.delete(res)); res.on('close', () => feed.open.delete(res)); return undefined;
  }
  for (const [method, pattern, handle] of routes) {
    const match = method === req.method && pattern.exec(path);
    if (!match) continue;
    const result = handle(match, url.searchParams, body);
    return result === undefined ? problem(res, 404, 'not_found', 'Not found') : json(res, result);
  }
  return problem(res, 404, 'not_found', 'Not found', `${req.method} ${path}`);
}).listen(port, '127.0.0.1', () => console.log(`stand-in on http://127.0.0.1:${port}`));
