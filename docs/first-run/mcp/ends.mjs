// How sessions end, and what is said of an id that is over.
import assert from 'node:assert/strict';
import { Session } from './session.mjs';
import { until } from './report.mjs';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'ping' });
const ACCEPT = 'application/json, text/event-stream';

/** DELETE: the instance is told once; afterwards POST, GET and DELETE with the id are 404, -32001. */
export async function endsWithDelete(session, url, told) {
  const id = session.id;
  await session.transport.terminateSession();
  const deletes = session.answers.filter(({ method }) => method === 'DELETE');
  assert.deepEqual(deletes.map(({ status }) => status), [200]);
  await session.client.close();
  await isUnknown(id, url);
  assert.equal(told(`Received session termination request for session ${id}`), 1);
  assert.equal(told(`Transport closed for session ${id}, removing from transports map`), 1);
}

/** An id that is over, or never was. */
export async function isUnknown(id, url) {
  for (const method of ['POST', 'GET', 'DELETE']) {
    const headers = { 'mcp-session-id': id, accept: ACCEPT, 'content-type': 'application/json' };
    await isNotFound(await fetch(url, { method, headers, body: method === 'POST' ? PING : undefined }));
  }
}

/** HTTP+SSE: the client hangs up, the instance hears of it, and a message to the id is 404. */
export async function endsWithItsStream(session, url, told) {
  const id = session.id;
  await session.client.close();
  await until('the instance hears of it', () => told(`Client Disconnected:  ${id}`) > 0);
  await isUnknownMessage(id, url);
  assert.equal(told(`Client Disconnected:  ${id}`), 1);
}

export async function isUnknownMessage(id, url) {
  const to = new URL(`/message?sessionId=${id}`, url);
  const headers = { 'content-type': 'application/json' };
  await isNotFound(await fetch(to, { method: 'POST', headers, body: PING, signal: AbortSignal.timeout(5000) }));
}

async function isNotFound(answer) {
  assert.equal(answer.status, 404);
  const { id, error } = await answer.json();
  assert.deepEqual([id, error.code, error.message], [null, -32001, 'Session not found']);
}

/** Every slot is free again: that many sessions fit, one more is refused with 503, and fits where one has ended. */
export async function slotsAreFreeAgain(mode, url, slots) {
  const open = name => Session.open(mode, url, `${mode}-${name}`);
  const sessions = await Promise.all(Array.from({ length: slots }, (_, i) => open(`slot-${i}`)));
  try {
    await assert.rejects(open('one-too-many'), error => error.code === 503);
    await sessions.pop().end();
    sessions.push(await open('next'));
    assert.equal(await sessions.at(-1).call('echo', { message: 'in' }), 'Echo: in');
  } finally {
    await Promise.all(sessions.map(session => session.end()));
  }
}
