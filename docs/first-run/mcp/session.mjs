// A session of the official client, which notes what came to it and which instance answered each of its requests.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

export class Session {
  /** What the door said of each answer: { method, status, instance, resumed, host }. */
  answers = [];
  /** Every message of the server, as it came: the client drops progress that comes in one piece with the result. */
  received = [];
  /** How many streams broke. */
  broken = 0;
  logged = [];
  updated = [];
  asked = { sampling: 0, elicitation: 0, roots: 0 };
  #hosts;
  #sent = 0;

  /**
   * @param mode 'streamable' or 'sse'
   * @param url where to; several, of nodes behind a balancer: each request goes to the next of them
   * @param name said in all that this session sends
   * @param abilities what the server may ask of it
   */
  constructor(mode, url, name, abilities) {
    this.mode = mode;
    this.name = name;
    this.#hosts = [url].flat().map(one => new URL(one).host);
    const first = new URL([url].flat()[0]);
    const fetch = (to, init) => this.#noted(to, init);
    this.transport =
      mode === 'sse'
        ? new SSEClientTransport(first, { fetch })
        : new StreamableHTTPClientTransport(first, { fetch, reconnectionOptions: RECONNECTION });
    this.client = new Client({ name, version: '1' }, { capabilities: abilities });
    this.#answerTheServer(abilities);
  }

  static async open(mode, url, name, abilities = ALL_ABILITIES) {
    const session = new Session(mode, url, name, abilities);
    await session.client.connect(session.transport);
    const deliver = session.transport.onmessage;
    session.transport.onmessage = (message, extra) => {
      session.received.push(message);
      deliver(message, extra);
    };
    session.client.onerror = ({ message }) => {
      session.broken += message.startsWith('SSE stream disconnected') ? 1 : 0;
    };
    return session;
  }

  /** What the other side calls it: the id in the header, or in the messages URL. */
  get id() {
    return this.mode === 'sse' ? this.transport._endpoint.searchParams.get('sessionId') : this.transport.sessionId;
  }

  /** The instances that answered, as the door names them: one, or the session did not stay home. */
  get homes() {
    return [...new Set(this.answers.map(answer => answer.instance).filter(instance => instance))];
  }

  /** The progress that the server told of its calls, in order. */
  get progress() {
    const told = this.received.filter(({ method }) => method === 'notifications/progress');
    return told.map(({ params }) => params.progress);
  }

  /** The first text of a tool's result. */
  async call(tool, args = {}, options = {}) {
    const within = { timeout: 20_000, ...options };
    const result = await this.client.callTool({ name: tool, arguments: args }, undefined, within);
    return result.content[0].text;
  }

  /** Leaves, and ends the session where the protocol knows how to. */
  async end() {
    if (this.mode !== 'sse') {
      await this.transport.terminateSession();
    }
    await this.client.close();
  }

  async #noted(to, init) {
    const target = new URL(to);
    target.host = this.#hosts[this.#sent++ % this.#hosts.length];
    const answer = await fetch(target, init);
    const headers = new Headers(init?.headers);
    this.answers.push({
      method: init?.method ?? 'GET',
      status: answer.status,
      instance: answer.headers.get('x-sandgate-instance'),
      resumed: headers.get('last-event-id'),
      host: target.host,
    });
    return answer;
  }

  #answerTheServer(abilities) {
    const handlers = [
      [abilities.sampling, CreateMessageRequestSchema, request => this.#sample(request)],
      [abilities.elicitation, ElicitRequestSchema, request => this.#accept(request)],
      [abilities.roots, ListRootsRequestSchema, () => this.#roots()],
    ];
    handlers.filter(([able]) => able).forEach(([, schema, handle]) => this.client.setRequestHandler(schema, handle));
    this.client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      this.logged.push(String(params.data));
    });
    this.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      this.updated.push(params.uri);
    });
  }

  #sample({ params }) {
    this.asked.sampling++;
    const said = `${this.name} says: ${params.messages[0].content.text}`;
    return { model: 'none', role: 'assistant', content: { type: 'text', text: said } };
  }

  #accept({ params }) {
    this.asked.elicitation++;
    const asksForTopic = 'interpretation' in params.requestedSchema.properties;
    return { action: 'accept', content: asksForTopic ? { interpretation: 'technical' } : { name: this.name } };
  }

  #roots() {
    this.asked.roots++;
    return { roots: [{ uri: `file:///${this.name}`, name: this.name }] };
  }
}

const ALL_ABILITIES = { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } };

/** Longer than the call that a cut interrupts: see cuts.mjs. */
const RECONNECTION = {
  initialReconnectionDelay: 3000,
  maxReconnectionDelay: 3000,
  reconnectionDelayGrowFactor: 1,
  maxRetries: 5,
};
