// What goes wrong between two machines, in words: from the codes of Node, OpenSSL and the resolver to what happened and what
// to do about it. A table, because that is what it is.

type Advice = readonly [what: string, advice: string];

const NETWORK: Readonly<Record<string, Advice>> = {
  ENOTFOUND: ['the name is unknown', 'check its spelling, and the DNS of this machine'],
  EAI_AGAIN: ['the name cannot be looked up at the moment', 'check the DNS of this machine'],
  ECONNREFUSED: ['nothing listens there', 'start the server, or correct the port'],
  EHOSTUNREACH: ['there is no way to this host', 'check the network'],
  ENETUNREACH: ['there is no way to this network', 'check the network'],
  ETIMEDOUT: ['the host does not answer', 'check the network and its firewalls'],
  ECONNRESET: ['it closed the connection without an answer', 'look at its log'],
  EPIPE: ['it closed the connection in the middle of the request', 'look at its log'],
};

const UNTRUSTED: Advice = ['its certificate is not trusted', "give its issuer's certificate as tls.ca"];

const TLS: Readonly<Record<string, Advice>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: ['its certificate has expired', 'renew it, and check the clocks'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'check the clocks'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'use that name in the URL, or give it as tls.servername',
  ],
  EPROTO: ['it does not speak TLS', 'use http://, or the port that speaks TLS'],
};

/** For `push_unreachable`: its description goes on after the cause, so that this is one clause and no sentence. */
export function networkFault(thrown: unknown): Error {
  const { code = '', message = '' } = thrown as { readonly code?: string; readonly message?: string };
  const [what, advice] = adviceFor(code, message);
  // The detail comes last, because descriptions cut what is long.
  return new Error(`${what}; ${advice} (${detailOf(code, message)})`, { cause: thrown });
}

function adviceFor(code: string, message: string): Advice {
  const known = NETWORK[code] ?? TLS[code];
  if (code === 'EPROTO' && /alert/i.test(message)) return clientRefused;
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return ['what it answers is not HTTP', 'check the port, and that the URL begins right'];
  if (/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/.test(code)) return TLS.EPROTO as Advice;
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return clientRefused;
  return ['the connection failed', 'check the network'];
}

/** What servers say that want a certificate of ours, or another version of TLS. */
const clientRefused: Advice = [
  'TLS was refused',
  'check tls.cert and tls.key, and which TLS versions the server takes',
];

/** OpenSSL's messages carry source files of its own; the last part says it. */
function detailOf(code: string, message: string): string {
  const clean = message.replace(/\s+/g, ' ').trim();
  const short = /:SSL routines:/.test(clean) ? (clean.split(':')[5] ?? clean) : clean;
  if (code === '') return short || 'no reason given';
  return short === '' || short.includes(code) ? short || code : `${code}: ${short}`;
}
