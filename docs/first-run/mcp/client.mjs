// The official client against real MCP servers, through the door. Started by run.sh, which tells where all is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { opensAnotherStream, resumesACall, resumesNotifications, resumesWhileItWorks } from './cuts.mjs';
import { endsWithDelete, endsWithItsStream, isUnknown, isUnknownMessage, slotsAreFreeAgain } from './ends.mjs';
import { conversation, offers } from './everything.mjs';
import { check, summary, until } from './report.mjs';
import { Session } from './session.mjs';

const SESSIONS = 4;
const NEVER = '5c0ffee5-0000-4000-8000-000000000000';

const { values: at } = parseArgs({
  options: {
    everything: { type: 'string' }, // the door before server-everything, in both of its modes
    both: { type: 'string' }, // the door before servers that speak both transports
    direct: { type: 'string' }, // an instance of server-everything in Streamable mode
    logs: { type: 'string' }, // a folder with what each instance and each door said
    instances: { type: 'string' }, // how many of each mode
    slots: { type: 'string' }, // of each mode, on all of its instances
  },
});
const streamable = { url: `${at.everything}/mcp`, names: named('streamable') };
const sse = { url: `${at.everything}/sse`, names: named('sse') };
const modes = Object.entries({ streamable, sse });

function named(mode) {
  return Array.from({ length: Number(at.instances) }, (_, i) => `${mode}-${i + 1}`);
}

const read = name => readFileSync(join(at.logs, name), 'utf8').trim().split('\n');

// How often the instances of a mode said this.
for (const [, of] of modes) {
  of.told = line => of.names.flatMap(name => read(`${name}.log`)).filter(one => one === line).length;
}

const eachMode = run => Promise.all(modes.map(([mode, of]) => run(mode, of)));

async function withoutTheDoor() {
  const session = await Session.open('streamable', `${at.direct}/mcp`, 'direct');
  const offer = await offers(session);
  await session.end();
  return offer;
}

async function openAll() {
  await eachMode((mode, of) => check(`${mode}: ${SESSIONS} sessions are opened`, async () => {
    of.sessions = await Promise.all(
      Array.from({ length: SESSIONS }, (_, i) => Session.open(mode, of.url, `${mode}-session-${i + 1}`)),
    );
  }));
  if (!streamable.sessions || !sse.sessions) {
    process.exit(summary());
  }
}

// Each question goes to all sessions of both modes at once.
async function talk() {
  const direct = await check('server-everything without the door', withoutTheDoor);
  for (const [what, ask] of conversation(direct)) {
    await eachMode((mode, { sessions }) => check(`${mode}: ${what}`, () => Promise.all(sessions.map(ask))));
  }
}

async function areCut() {
  await Promise.all([
    check('streamable: a call that is cut is resumed with Last-Event-ID', () => resumesACall(streamable.url)),
    check('streamable: notifications that were missed come with Last-Event-ID', () =>
      resumesNotifications(streamable.url)),
    check('sse: a stream that is cut is opened anew', () => opensAnotherStream(sse.url)),
    check('both: a call that is cut is resumed while it works', () => resumesWhileItWorks(`${at.both}/mcp`)),
    check('both: either transport on one route, 8 sessions over 2 instances', bothTransports),
  ]);
}

async function end() {
  await check('streamable: DELETE ends each session once, then it is 404', () =>
    Promise.all(streamable.sessions.map(session => endsWithDelete(session, streamable.url, streamable.told))));
  await check('sse: a session ends with its stream, then it is 404', () =>
    Promise.all(sse.sessions.map(session => endsWithItsStream(session, sse.url, sse.told))));
  await check('streamable: an id that never was is 404', () => isUnknown(NEVER, streamable.url));
  await check('sse: an id that never was is 404, where server-everything would be silent', () =>
    isUnknownMessage(NEVER, sse.url));
  await eachMode((mode, { url }) => check(`${mode}: all ${at.slots} slots are free again`, () =>
    slotsAreFreeAgain(mode, url, Number(at.slots))));
}

// The door names an instance by its address, the instance itself by a name that its environment holds.
async function stayedHome({ sessions, names }) {
  const addresses = new Map();
  for (const session of sessions) {
    assert.equal(session.homes.length, 1, `${session.name} was answered by ${session.homes}`);
    const name = JSON.parse(await session.call('get-env')).INSTANCE;
    assert.equal(addresses.get(session.homes[0]) ?? name, name);
    addresses.set(session.homes[0], name);
  }
  assert.deepEqual([...addresses.values()].sort(), names);
}

// One route, one pool: conf/examples/mcp.json.
async function bothTransports() {
  const opened = await Promise.all(
    Array.from({ length: 8 }, (_, i) => {
      const mode = i % 2 ? 'sse' : 'streamable';
      return Session.open(mode, `${at.both}/${i % 2 ? 'sse' : 'mcp'}`, `${mode}-${i + 1}`);
    }),
  );
  await Promise.all(opened.map(async session => {
    if (session.mode === 'streamable') {
      await until('the stream of notifications', () => session.answers.some(({ method }) => method === 'GET'));
    }
    await session.call('start-notification-stream', { interval: 50, count: 20 });
    await until('20 notifications', () => session.logged.length === 20);
  }));
  const homes = opened.map(session => session.homes);
  assert.ok(homes.every(({ length }) => length === 1), JSON.stringify(homes));
  // one more session, of cuts.mjs, is on the same two
  const onFirst = homes.flat().filter(home => home === homes[0][0]).length;
  assert.ok(onFirst >= 3 && onFirst <= 5, `${onFirst} of 8 are on one instance`);
  await Promise.all(opened.map(session => session.end()));
}

// Each line is JSON; each session is there, and one instance answered it; nothing was refused that should not be.
async function logTellsTheSame() {
  // those that talked; two that were resumed, one that was opened twice; those that filled the slots, and the next
  const sessions = 2 * SESSIONS + 4 + 2 * (Number(at.slots) + 1);
  let lines;
  let homes;
  await until(`${sessions} sessions in the log`, () => {
    lines = read('door-everything.log').map(line => JSON.parse(line));
    homes = homesOf(lines);
    return homes.size >= sessions;
  });
  assert.equal(homes.size, sessions);
  assert.deepEqual([...homes].filter(([, instances]) => instances.size !== 1), []);
  const refusals = lines.filter(({ status }) => status >= 400).map(({ status, reason }) => `${status} ${reason}`);
  const expected = ['404 session-ended', '404 session-unknown', '499 client-gone', '503 pool-full'];
  assert.deepEqual([...new Set(refusals)].sort(), expected);
  console.log(`        ${homes.size} sessions; refused: ${expected.join(', ')}`);
}

function homesOf(lines) {
  const homes = new Map();
  for (const { session, instance } of lines.filter(line => line.session)) {
    homes.set(session, (homes.get(session) ?? new Set()).add(instance));
  }
  return homes;
}

await openAll();
await Promise.all([talk(), areCut()]);
await eachMode((mode, of) => check(`${mode}: each session stayed home, all instances have some`, () => stayedHome(of)));
await end();
await check('the access log tells the same', logTellsTheSame);
process.exit(summary());
