// What becomes of a session whose connections are cut.
import assert from 'node:assert/strict';
import { Relay } from './relay.mjs';
import { Session } from './session.mjs';
import { until } from './report.mjs';

/**
 * Runs this with a session behind a cable of its own. The session has no abilities, so that the server sends only what
 * it asks for: server-everything replays what was missed on any stream to each stream that is resumed.
 */
async function onCable(mode, url, name, run) {
  const { origin, pathname } = new URL(url);
  const relay = await Relay.to(origin);
  let session;
  try {
    session = await Session.open(mode, relay.url + pathname, name, {});
    await run(session, relay);
  } finally {
    await session?.end().catch(() => {});
    relay.close();
  }
}

const streamsOpened = session => session.answers.filter(({ method, resumed }) => method === 'GET' && !resumed);
const resumes = session => session.answers.filter(({ resumed }) => resumed);

/**
 * A POST's stream is cut while the tool works; the client resumes it with Last-Event-ID when the work is done.
 * (Server-everything replays what was missed, but sends a resumed stream nothing that comes later.)
 */
export const resumesACall = url => onCable('streamable', url, 'cut-call', async (session, relay) => {
  await until('the stream of notifications', () => streamsOpened(session).length === 1);
  const text = session.call('trigger-long-running-operation', { duration: 1.2, steps: 6 }, { onprogress: () => {} });
  await until('progress', () => session.progress.length >= 2);
  assert.ok(relay.cut() >= 2, 'a call and a stream were under way');
  assert.match(await text, /^Long running operation completed/);
  assert.deepEqual(session.progress, [1, 2, 3, 4, 5, 6]);
  await until('a new stream of notifications', () => streamsOpened(session).length === 2);
  assert.deepEqual(session.answers.filter(({ status }) => status >= 300), []);
  assert.ok(resumes(session).length >= 1);
  assert.equal(session.homes.length, 1);
  assert.equal(await session.call('echo', { message: 'on' }), 'Echo: on');
});

/** The stream of notifications is cut; the client resumes it, and gets the one that it missed. */
export const resumesNotifications = url => onCable('streamable', url, 'cut-stream', async (session, relay) => {
  const heard = uri => session.logged.some(line => line.includes(`for URI: ${uri} `));
  await until('the stream of notifications', () => streamsOpened(session).length === 1);
  await session.client.subscribeResource({ uri: 'demo://first' });
  await until('a notification', () => heard('demo://first'));
  relay.cut();
  await until('the client hears of the cut', () => session.broken === 1);
  await session.client.subscribeResource({ uri: 'demo://missed' });
  assert.deepEqual([heard('demo://missed'), resumes(session).length], [false, 0]);
  await until('what was missed', () => heard('demo://missed'));
  assert.equal(session.logged.length, 2);
  assert.deepEqual(resumes(session).map(({ status }) => status), [200]);
  assert.equal(session.homes.length, 1);
});

/** As above, with a server whose resumed streams go on: the result comes when the work is done. */
export const resumesWhileItWorks = url => onCable('streamable', url, 'cut-early', async (session, relay) => {
  await until('the stream of notifications', () => streamsOpened(session).length === 1);
  const text = session.call('start-notification-stream', { interval: 100, count: 80 });
  await until('notifications', () => session.logged.length >= 5);
  relay.cut();
  await until('the call is resumed', () => resumes(session).length > 0);
  assert.ok(!session.received.some(({ result }) => result), 'it is still at work');
  assert.match(await text, /^Started sending/);
  assert.equal(session.homes.length, 1);
});

/** HTTP+SSE: the stream is the session. The client opens another by itself; the old one is unknown at once. */
export const opensAnotherStream = url => onCable('sse', url, 'cut-sse', async (session, relay) => {
  assert.equal(await session.call('echo', { message: 'before' }), 'Echo: before');
  const before = session.id;
  relay.cut();
  await until('another session', () => session.id !== before);
  assert.equal(await session.call('echo', { message: 'after' }), 'Echo: after');
  const old = await fetch(new URL(`/message?sessionId=${before}`, url), { method: 'POST', body: '{}' });
  assert.equal(old.status, 404);
});
