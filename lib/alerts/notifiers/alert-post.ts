// Posts a message to a target and says in the words of alerts what became of it: which failures pass and which do not is the same
// for Alertmanager and for webhooks.
import type { HttpAnswer } from '../../../storage/delivery/http-exchange.js';
import type { HttpTarget } from '../../../storage/delivery/http-target.js';
import type { AlertError, StorageError } from '../../errors.js';
import type { Attempt } from './delivery.js';

export interface AlertPost {
  readonly notifier: string;
  readonly target: HttpTarget;
  /** Appended to the path of the target's URL. */
  readonly path?: string;
  /** Sent as JSON. */
  readonly message: unknown;
}

const HEADERS = { 'content-type': 'application/json' };

export async function postAlerts({ notifier, target, path = '', message }: AlertPost): Promise<Attempt> {
  const body = Buffer.from(JSON.stringify(message));
  let headers: HttpAnswer['headers'] = {};
  const sent = await target.exchange({ method: 'POST', path, headers: HEADERS, body }).andThen((answer) => {
    headers = answer.headers;
    return target.accepted(answer);
  });
  if (sent.isOk()) return {};
  return { error: alertError(sent.error, { notifier, target: target.url }), retryAfter: headers['retry-after'] };
}

function alertError(
  error: StorageError,
  { notifier, target }: { readonly notifier: string; readonly target: string },
): AlertError {
  const failed = (cause: unknown): AlertError => ({ kind: 'notify_failed', notifier, target, cause });
  switch (error.kind) {
    case 'push_unreachable':
      return failed(error.cause);
    case 'push_timed_out':
      return failed(new Error(`it did not answer within ${error.timeoutMs} ms`));
    case 'push_rejected': {
      const { status, body } = error;
      if (status >= 500 || status === 429) return failed(new Error(`it answers ${status}: ${body}`));
      return { kind: 'notify_refused', notifier, target, status, body };
    }
    case 'storage_closed':
      return { kind: 'notifier_closed', notifier };
    default:
      return failed(error);
  }
}
