// Loaded before a server (node --import): whichever port and interface it asks for, it listens on 127.0.0.1 alone, on a
// free port, and tells it. One of the servers can be told neither, none of them the interface.
import { Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function (...asked) {
  this.once('listening', () => console.error(`listens on http://127.0.0.1:${this.address().port}`));
  return listen.call(this, { host: '127.0.0.1', port: 0 }, ...asked.filter(one => typeof one === 'function'));
};
