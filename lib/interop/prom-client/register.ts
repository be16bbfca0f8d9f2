// The registry that metrics go to unless they are told another one. Apart from the class, because metrics need to know no
// more of a registry than this, and the class names all kinds of metrics in its signatures.

/** What a metric asks of a registry, ours or prom-client's own. */
export interface Register {
  readonly contentType: string;
  registerMetric(metric: never): void;
}

let global: Register | undefined;

export function setGlobalRegister(register: Register): void {
  global = register;
}

export function globalRegister(): Register {
  if (global === undefined)
    throw new Error('Import metrics from telltale/prom-client, which also makes their registry.');
  return global;
}
