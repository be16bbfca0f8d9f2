// What to say of storages that did not take, keep or find what they were asked for.
import { describeDefinition } from './describe-definition.js';
import type { StorageError } from './kinds.js';
import { causeText, shorten } from './quoting.js';

export function describeStorage(error: StorageError): string {
  switch (error.kind) {
    case 'invalid_grouping_key':
      return describeDefinition(error);
    case 'push_unreachable':
      return `${error.target} cannot be reached: ${causeText(error.cause)}. Check the URL and that the server runs.`;
    case 'push_timed_out':
      return `${error.target} did not answer within ${error.timeoutMs} ms. Check its load, or raise the time limit.`;
    case 'push_rejected':
      return `${error.target} refused the push with status ${error.status}: ${shorten(error.body)}. ${
        error.status >= 500 || error.status === 429
          ? 'It may take it later; look at its log and its load.'
          : 'Correct what it names; sending the same again will not help.'
      }`;
    case 'circuit_open':
      return `${error.target} failed repeatedly and is left alone for another ${error.retryInSeconds} s. It is tried again by itself. The last time: ${describeStorage(error.lastError)}`;
    case 'queue_full':
      return `The queue of ${error.storage} is full: ${error.droppedSamples} samples of the oldest snapshot were given up. Check its target, or allow a longer queue.`;
    case 'fan_out_failed':
      return `${error.failures.length} of ${error.storages} storages did not take the snapshot. ${error.failures
        .map(({ storage, error: cause }) => `${storage}: ${describeStorage(cause)}`)
        .join(' ')}`;
    case 'file_unwritable':
      return `${error.file} cannot be written: ${causeText(error.cause)}. Check free space and permissions; each write tries again.`;
    case 'file_unreadable':
      return `${error.file} cannot be read: ${causeText(error.cause)}. Check that it is there, and that this process may read it.`;
    case 'file_corrupt':
      return `${error.file} is damaged at byte ${error.offset}: ${error.problem}. The rest stays readable; keep a copy before removing the file.`;
    case 'file_locked':
      return `${error.file} is in use by the process ${error.pid}. Give every process a folder of its own.`;
    case 'storage_timed_out':
      return `The storage ${error.storage} did not finish within ${error.timeoutSeconds} s. ${
        error.lostSamples === undefined
          ? 'Whatever it had not taken by then may be missing'
          : `${error.lostSamples} samples that it had not sent by then are lost`
      }; check its target, or allow more time.`;
    case 'storage_closed':
      return `The storage ${error.storage} is closed. Create a new one to go on.`;
    case 'storage_failed':
      return `The storage ${error.storage} failed: ${causeText(error.cause)}. What it held stays readable; correct what it names, or report it.`;
    case 'invalid_matcher':
      return `The matcher of the label "${shorten(error.label)}" is invalid ("${shorten(error.value)}"). ${error.rule}`;
  }
}
