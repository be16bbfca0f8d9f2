// Reads what a client sends, up to a limit, and answers it parsed. Apart from the server because every way in which a body
// can be bad ends here, in the same undefined.
import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 16 * 1024;

/** The JSON value of the body; undefined when there is none, when it is too long or no JSON. Never rejects. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      // What is too long is still read to its end, or the client would never see the answer.
      if (size <= MAX_BYTES) chunks.push(chunk);
    }
    return size > MAX_BYTES ? undefined : (JSON.parse(Buffer.concat(chunks).toString()) as unknown);
  } catch {
    return undefined;
  }
}
