// Loaded before a server by NODE_OPTIONS: a port that it would open on every interface is open on 127.0.0.1 alone.
import { Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function (port, ...more) {
  const everywhere = /^\d+$/.test(port) && typeof more[0] !== 'string';
  return everywhere ? listen.call(this, port, '127.0.0.1', ...more) : listen.call(this, port, ...more);
};
