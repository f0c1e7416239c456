// Instances on demand: conf/examples/mcp-everything.json, whose command is an npx, started by the official client that
// comes first, and ended with the door, however the door ends. Started by run.sh, which tells where all is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { having, kill, listening } from './processes.mjs';
import { check, summary, until } from './report.mjs';
import { Session } from './session.mjs';

const PER_INSTANCE = 4; // as the example has it
const LOOPBACK = '0100007F'; // as the kernel writes 127.0.0.1

const { values: at } = parseArgs({
  options: {
    sandgate: { type: 'string' }, // the launcher
    config: { type: 'string' }, // the example, on free ports
    run: { type: 'string' }, // what FIRST_RUN is in the environment of all that this run starts
    logs: { type: 'string' }, // a folder for what each door says
  },
});

/** A door with the example; its address, and what it says. */
class Door {
  static #doors = 0;

  static async open() {
    const door = new Door();
    door.log = join(at.logs, `door-demand-${++Door.#doors}.err`);
    door.process = spawn(at.sandgate, ['run', at.config], {
      env: { ...process.env, FIRST_RUN: at.run },
      stdio: ['ignore', openSync(`${door.log}.out`, 'w'), openSync(door.log, 'w')],
    });
    await until('the door is open', () => door.said(/: open, /).length > 0, 20_000);
    door.url = `${door.said(/public listens on (\S+)/)[0][1]}/mcp`;
    return door;
  }

  said(pattern) {
    return readFileSync(this.log, 'utf8').split('\n').map(line => line.match(pattern)).filter(found => found);
  }

  /** The instances that became ready so far, each with its port. */
  starts() {
    return this.said(/instance (\S+) is ready, process \d+ on port (\d+)/).map(([, name, port]) => ({ name, port }));
  }

  /** Gives the exit code, or the signal that ended it. */
  async end(signal) {
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    const [code, by] = await exit;
    return code ?? by;
  }
}

// All processes of all instances of this run: the door carries FIRST_RUN too, but no mark of a child.
const children = () => having('FIRST_RUN', at.run).filter(({ env }) => env.SANDGATE_CHILD);
const named = name => children().filter(({ env }) => env.INSTANCE === name);
const open = (door, name) => Session.open('streamable', door.url, name);
const openMany = (door, name, count) =>
  Promise.all(Array.from({ length: count }, (_, i) => open(door, `${name}-${i + 1}`)));

/** The session's one home: by the door's header in every answer so far, and by the instance's own word. */
async function home(session) {
  const env = JSON.parse(await session.call('get-env'));
  assert.deepEqual(session.homes, [env.INSTANCE], `${session.name} was answered by ${session.homes}`);
  return env.INSTANCE;
}

function sessionsOfEach(homes) {
  const count = new Map();
  homes.forEach(name => count.set(name, (count.get(name) ?? 0) + 1));
  return Object.fromEntries([...count].sort());
}

async function startsForTheFirst(door) {
  assert.deepEqual(children(), []);
  assert.deepEqual(door.starts(), []);
  const first = await open(door, 'first');
  assert.equal(await home(first), 'everything-1');
  const starts = door.starts();
  assert.deepEqual(starts.map(({ name }) => name), ['everything-1']);
  assert.deepEqual(listening(starts[0].port), [LOOPBACK]);
  const tree = children();
  assert.ok(tree.length >= 2 && tree.every(({ env }) => env.INSTANCE === 'everything-1'), `${tree.length} processes`);
  return first;
}

// As many as two instances hold, so that a third is needed for one more.
async function startsAnother(door, first) {
  const sessions = [first, ...(await openMany(door, 'more', 2 * PER_INSTANCE - 1))];
  const homes = await Promise.all(sessions.map(home));
  assert.deepEqual(sessionsOfEach(homes), { 'everything-1': PER_INSTANCE, 'everything-2': PER_INSTANCE });
  assert.equal(door.starts().length, 2);
  return sessions;
}

async function stayHome(sessions) {
  const before = sessions.map(session => session.homes);
  for (let round = 0; round < 5; round++) {
    await Promise.all(sessions.map(async session => {
      assert.equal(await session.call('echo', { message: session.name }), `Echo: ${session.name}`);
      await home(session);
    }));
  }
  assert.deepEqual(sessions.map(session => session.homes), before);
}

// The npx, its shell and its server are killed at one blow.
async function isToldOfTheLoss(door, sessions) {
  const [lost, kept] = ['everything-1', 'everything-2'].map(name => sessions.filter(({ homes }) => homes[0] === name));
  const works = kept.map(session => session.call('trigger-long-running-operation', { duration: 2, steps: 4 }));
  const began = performance.now();
  kill(named('everything-1'));
  await Promise.all(lost.map(session => untilNotFound(session, began)));
  console.log(`        all ${lost.length} told after ${Math.round(performance.now() - began)} ms`);
  for (const work of works) {
    assert.match(await work, /^Long running operation completed/);
  }
  await stayHome(kept);
}

// Until the door has heard of the end, an answer is cut, or 502, or 503.
async function untilNotFound(session, began) {
  const refused = await session.client.ping().then(() => undefined, error => error);
  if (refused?.code !== 404) {
    assert.ok(performance.now() - began < 1000, `not 404 within 1 s, but ${refused?.message ?? 'an answer'}`);
    await new Promise(again => setTimeout(again, 10));
    return untilNotFound(session, began);
  }
  assert.match(refused.message, /"code":-32001/);
}

// The other instance is full, so a new client needs a new one.
async function startsAgain(door) {
  const session = await open(door, 'after');
  const name = await home(session);
  assert.notEqual(name, 'everything-2');
  assert.equal(door.starts().length, 3);
  return session;
}

async function leavesNothing(door, sessions) {
  await Promise.all(sessions.map(({ client }) => client.close()));
  assert.ok(children().length >= 2);
  assert.equal(await door.end('SIGTERM'), 0);
  assert.deepEqual(children().map(({ pid }) => pid), []);
}

// Nobody ends the instances of a door that is killed, until the next one comes.
async function outliveTheDoor() {
  const door = await Door.open();
  const sessions = await openMany(door, 'orphan', PER_INSTANCE + 1);
  const before = children();
  assert.deepEqual([...new Set(before.map(({ env }) => env.INSTANCE))].sort(), ['everything-1', 'everything-2']);
  assert.equal(await door.end('SIGKILL'), 'SIGKILL');
  const orphans = children();
  assert.ok(orphans.length >= 2, 'nothing outlives the door, so the next one has nothing to end');
  console.log(`        ${orphans.length} of ${before.length} processes live on`);
  await Promise.all(sessions.map(({ client }) => client.close()));
}

async function areEndedByTheNext() {
  const door = await Door.open();
  assert.deepEqual(children().map(({ pid }) => pid), []);
  const session = await open(door, 'anew');
  assert.equal(await home(session), 'everything-1');
  return { door, session };
}

async function main() {
  const door = await check('a door without instances', () => Door.open());
  const first = door && (await check('the first client: one instance is started for it', () => startsForTheFirst(door)));
  const sessions = first && (await check('more clients than it holds: another', () => startsAnother(door, first)));
  if (!sessions) {
    return;
  }
  await check('each session stays home', () => stayHome(sessions));
  await check('an instance is killed: its sessions are 404 within 1 s, others live on', () =>
    isToldOfTheLoss(door, sessions));
  const after = await check('a new client: a new instance', () => startsAgain(door));
  await check('SIGTERM to the door: no process is left', () => leavesNothing(door, [...sessions, after]));
  await check('SIGKILL to the door: its instances live on', outliveTheDoor);
  const next = await check('the next door: none of them is left, a client gets a new one', areEndedByTheNext);
  await check('SIGTERM to that door: no process is left', () => leavesNothing(next.door, [next.session]));
}

await main();
process.exit(summary());
