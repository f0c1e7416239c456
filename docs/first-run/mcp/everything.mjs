// What a session does with server-everything: each entry is asked of every session at once.
import assert from 'node:assert/strict';
import { until } from './report.mjs';

const RESOURCE = 'demo://resource/dynamic/text/1';

/** All that a server offers a client of these abilities. */
export async function offers({ client }) {
  return {
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    tools: (await client.listTools()).tools,
    resources: (await client.listResources()).resources,
    templates: (await client.listResourceTemplates()).resourceTemplates,
    prompts: (await client.listPrompts()).prompts,
  };
}

/** @param direct what an instance offers without the door */
export const conversation = direct => [
  ['the same offer as without the door', async session => assert.deepEqual(await offers(session), direct)],

  ['tools: echo and get-sum, ten calls at once', async session => {
    const calls = Array.from({ length: 10 }, async (_, i) => {
      assert.equal(await session.call('echo', { message: `${session.name} ${i}` }), `Echo: ${session.name} ${i}`);
      assert.equal(await session.call('get-sum', { a: i, b: 100 }), `The sum of ${i} and 100 is ${i + 100}.`);
    });
    await Promise.all(calls);
  }],

  ['resource, prompt, completion and ping', async ({ client }) => {
    assert.match((await client.readResource({ uri: RESOURCE })).contents[0].text, /^Resource 1: /);
    const { messages } = await client.getPrompt({ name: 'args-prompt', arguments: { city: 'Ulm' } });
    assert.match(messages[0].content.text, /Ulm/);
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'S' },
    });
    assert.deepEqual(completion.values, ['Sales', 'Support']);
    await client.ping();
  }],

  ['progress of a long call', async session => {
    const call = { duration: 1, steps: 4 };
    const text = await session.call('trigger-long-running-operation', call, { onprogress: () => {} });
    assert.match(text, /^Long running operation completed/);
    assert.deepEqual(session.progress, [1, 2, 3, 4]);
  }],

  ['sampling: the server asks, the client answers', async session => {
    const text = await session.call('trigger-sampling-request', { prompt: 'who', maxTokens: 10 });
    assert.ok(text.includes(`${session.name} says: Resource trigger-sampling-request context: who`), text);
    assert.equal(session.asked.sampling, 1);
  }],

  ['elicitation: the server asks, the user accepts', async session => {
    const { content } = await session.client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    assert.ok(content.some(({ text }) => text.includes(`- Name: ${session.name}`)), JSON.stringify(content));
    assert.equal(session.asked.elicitation, 1);
  }],

  ['roots: the server lists the client\'s', async session => {
    assert.ok((await session.call('get-roots-list')).includes(`URI: file:///${session.name}`));
    assert.ok(session.asked.roots >= 1);
  }],

  ['log messages, each session its own', async session => {
    await session.client.setLoggingLevel('debug');
    await session.call('toggle-simulated-logging');
    const own = () => session.logged.filter(line => line.includes('SessionId'));
    await until('a log message', () => own().length > 0);
    await session.call('toggle-simulated-logging');
    assert.deepEqual(own().filter(line => !line.endsWith(session.id)), []);
  }],

  ['updates of a resource subscribed to', async session => {
    const uri = `demo://resource/${session.name}`;
    await session.client.subscribeResource({ uri });
    await session.call('toggle-subscriber-updates');
    await until('an update', () => session.updated.length > 0);
    await session.call('toggle-subscriber-updates');
    await session.client.unsubscribeResource({ uri });
    assert.deepEqual([...new Set(session.updated)], [uri]);
  }],

  ['a call that the client cancels, and one after it', async session => {
    const cancelled = new AbortController();
    const options = { signal: cancelled.signal, onprogress: () => cancelled.abort('enough') };
    await assert.rejects(session.call('trigger-long-running-operation', { duration: 2, steps: 10 }, options), /enough/);
    assert.equal(await session.call('echo', { message: 'on' }), 'Echo: on');
  }],

  ['a task that asks back: created, polled, answered, fetched', async session => {
    const query = { name: 'simulate-research-query', arguments: { topic: session.name, ambiguous: true } };
    const seen = [];
    let result;
    for await (const message of session.client.experimental.tasks.callToolStream(query)) {
      assert.notEqual(message.type, 'error', message.error?.message);
      seen.push(message.type);
      result = message.result ?? result;
    }
    assert.equal(seen[0], 'taskCreated');
    assert.ok(seen.includes('taskStatus'));
    const [{ text }] = result.content;
    assert.ok(text.startsWith(`# Research Report: ${session.name} (technical)`), text);
    assert.equal(session.asked.elicitation, 2);
  }],
];
