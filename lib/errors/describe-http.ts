// What to say of servers that could not start, and of requests that they could not answer.
import type { HttpError } from './kinds.js';
import { causeText, shorten } from './quoting.js';

export function describeHttp(error: HttpError): string {
  switch (error.kind) {
    case 'address_in_use':
      return `Port ${error.port} on ${error.host} is taken by another program. Stop that program or choose another port.`;
    case 'address_unavailable':
      return `Cannot listen on ${error.host}:${error.port}: ${causeText(error.cause)}. Choose an address of this machine and a port that this user may open.`;
    case 'not_acceptable':
      return `None of the formats asked for ("${shorten(error.accept)}") is available. Ask for text/plain or application/openmetrics-text.`;
    case 'unauthorized':
      return 'The request carried no valid credentials. Send the bearer token, or the user name and password, that the endpoint was set up with.';
    case 'scrape_failed':
      return `The metrics could not be written: ${causeText(error.cause)}. The scraper got an error instead of a part of them; if the cause is none of yours, report it.`;
  }
}
