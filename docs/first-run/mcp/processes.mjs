// What the operating system knows of the door's instances: an npx is a shell is a server, three processes or more.
import { readdirSync, readFileSync } from 'node:fs';

const LISTENS = '0A';

/** Every process whose environment holds this variable with this value: { pid, env }. */
export function having(name, value) {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(pid => ({ pid: Number(pid), env: environment(pid) }))
    .filter(({ env }) => env[name] === value);
}

/** The addresses on which somebody listens on this port, as the kernel writes them: 0100007F is 127.0.0.1. */
export function listening(port) {
  const [, ...four] = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n');
  const [, ...six] = readFileSync('/proc/net/tcp6', 'utf8').trim().split('\n');
  return [...four, ...six]
    .map(line => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENS && parseInt(local.split(':')[1], 16) === Number(port))
    .map(([, local]) => local.split(':')[0]);
}

/** Ends each of them at once, as nobody could refuse. */
export function kill(processes) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }
}

// Empty of a process that is over, or another user's; one that is over and not yet collected has none either.
function environment(pid) {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return Object.fromEntries(variables.map(one => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  } catch {
    return {};
  }
}
