// A cable between client and door that can be cut: every connection on it is reset at once.
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

export class Relay {
  #pairs = new Set();
  #server;

  static async to(url) {
    const relay = new Relay();
    const { hostname, port } = new URL(url);
    relay.#server = createServer(near => relay.#join(near, connect(Number(port), hostname)));
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    relay.url = `http://127.0.0.1:${relay.#server.address().port}`;
    return relay;
  }

  /** Gives how many connections were cut. New ones pass. */
  cut() {
    const pairs = [...this.#pairs];
    pairs.flat().forEach(socket => socket.resetAndDestroy());
    return pairs.length;
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #join(near, far) {
    const pair = [near, far];
    this.#pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(pair);
        pair.forEach(other => other.destroy());
      });
    }
  }
}
