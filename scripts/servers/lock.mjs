// Lets one process at a time fill a cache folder. The lock is a socket in Linux's abstract namespace and not a file: the
// kernel takes it back when its owner dies, however it dies, so a stale lock cannot exist and nobody has to guess.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/**
 * Waits until this process alone owns `directory` and answers the function that gives it back.
 *
 * @param onWait - Called once, if another process owns it.
 */
export async function lockDirectory(directory, { onWait = () => {}, timeoutMs = 900_000 } = {}) {
  const id = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 32);
  const name = `\0telltale-servers-${id}`;
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    const server = await tryListen(name);
    if (server !== undefined) return () => new Promise((resolve) => server.close(resolve));
    if (attempt === 0) onWait();
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) {
      throw new Error(`Another process has held ${directory} for ${timeoutMs / 1000} s: end it, then run this again.`);
    }
    await ownerGone(name, leftMs);
  }
}

function tryListen(name) {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket.on('close', () => waiting.delete(socket)).on('error', () => {}));
    });
    const close = server.close.bind(server);
    // Closing cuts those who wait: that is how they learn that the lock is free.
    server.close = (done) => {
      for (const socket of waiting) socket.destroy();
      return close(done);
    };
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}

function ownerGone(name, timeoutMs) {
  return new Promise((resolve) => {
    const socket = connect(name);
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
