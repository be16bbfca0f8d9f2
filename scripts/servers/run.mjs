// Runs one external command, bounded in time, and tells what it printed. Separate because everything that fetches or proves
// a server goes through it, and none of them should know how a child process ends.
import { spawn } from 'node:child_process';

const KEPT_OUTPUT = 1 << 20;

/**
 * Runs `command` to its end, in English, with nothing to read on its input.
 *
 * @returns `exitCode` is 127 when the command does not exist, `timedOut` tells that it was ended by this function.
 */
export function run(command, args, { cwd, env, timeoutMs = 60_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', output: '' };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    const keep = (isStdout) => (chunk) => {
      texts.output = (texts.output + chunk).slice(-KEPT_OUTPUT);
      if (isStdout) texts.stdout = (texts.stdout + chunk).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep(true));
    child.stderr.on('data', keep(false));
    const end = (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, timedOut, ...texts });
    };
    child.on('error', (error) => {
      texts.output += error.message;
      end(error.code === 'ENOENT' ? 127 : 126);
    });
    child.on('close', (code, signal) => end(code ?? (signal === null ? 1 : 128)));
  });
}
