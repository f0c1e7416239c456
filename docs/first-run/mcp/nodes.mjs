// The official client through two nodes with one table, as behind a balancer that knows nothing of sessions: each request
// goes to the next node. Started by run.sh, which tells where all is.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { isUnknown, isUnknownMessage } from './ends.mjs';
import { check, summary } from './report.mjs';
import { Session } from './session.mjs';

const SESSIONS = 20;
const CALLS = 50; // of each session
const AT_ONCE = 5;
const CALLS_MS = 60_000; // for a machine that does much else; a second or two is enough

const { values: at } = parseArgs({
  options: {
    node: { type: 'string', multiple: true }, // each node's address
    instances: { type: 'string' }, // how many of each mode
  },
});
const streamable = { path: '/mcp' };
const sse = { path: '/sse' };
const modes = Object.entries({ streamable, sse });
const eachMode = run => Promise.all(modes.map(([mode, of]) => run(mode, of)));

// Half of the sessions begin at one node, half at the other.
const urls = (path, i) => at.node.map((_, j) => at.node[(i + j) % at.node.length] + path);

async function open(mode, of) {
  of.sessions = await Promise.all(
    Array.from({ length: SESSIONS }, (_, i) => Session.open(mode, urls(of.path, i), `${mode}-session-${i + 1}`)),
  );
}

async function call(session) {
  for (let done = 0; done < CALLS; done += AT_ONCE) {
    const texts = Array.from({ length: AT_ONCE }, (_, i) => `${session.name} ${done + i}`);
    const told = await Promise.all(texts.map(message => session.call('echo', { message })));
    assert.deepEqual(told, texts.map(text => `Echo: ${text}`));
  }
}

// One instance for each session, by the door's word and by its own, and every instance has some.
async function stayedHome({ sessions }) {
  const names = await Promise.all(sessions.map(async session => {
    const name = JSON.parse(await session.call('get-env')).INSTANCE;
    assert.equal(session.homes.length, 1, `${session.name} was answered by ${session.homes}`);
    return name;
  }));
  assert.equal(new Set(names).size, Number(at.instances));
}

// Each node took its half of what every session sent, and refused nothing.
function wereShared({ sessions }) {
  for (const { name, answers } of sessions) {
    assert.deepEqual(answers.filter(({ status }) => status >= 300), [], name);
    const [one, other] = at.node.map(node => answers.filter(({ host }) => host === new URL(node).host).length);
    assert.ok(Math.abs(one - other) <= 1 && one >= CALLS / 2, `${name}: ${one} and ${other}`);
  }
}

// Of an HTTP+SSE session's end the node hears by the hang-up, and the other node, of any end, by the table's news.
async function end({ path, sessions }) {
  const ids = sessions.map(({ id }) => id);
  const isOver = path === '/sse' ? isUnknownMessage : isUnknown;
  await Promise.all(sessions.map(session => session.end()));
  await Promise.all(at.node.flatMap(node => ids.map(id => soon(() => isOver(id, node + path)))));
}

async function soon(isSo) {
  const end = performance.now() + 5000;
  for (;;) {
    const failed = await isSo().then(() => undefined, error => error);
    if (!failed) {
      return;
    }
    assert.ok(performance.now() < end, failed.message);
    await new Promise(again => setTimeout(again, 20));
  }
}

await eachMode((mode, of) => check(`${mode}: ${SESSIONS} sessions are opened through two nodes`, () => open(mode, of)));
if (modes.some(([, { sessions }]) => !sessions)) {
  process.exit(summary());
}
await eachMode((mode, { sessions }) => check(`${mode}: ${SESSIONS * CALLS} calls, each request through the next node`, () =>
  Promise.all(sessions.map(call)), CALLS_MS));
await eachMode((mode, of) => check(`${mode}: each session stayed home, all instances have some`, () => stayedHome(of)));
await eachMode((mode, of) => check(`${mode}: each node had half of it`, async () => wereShared(of)));
await eachMode((mode, of) => check(`${mode}: what has ended is 404 at both nodes`, () => end(of)));
process.exit(summary());
