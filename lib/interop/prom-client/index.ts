// The public surface of telltale/prom-client: the names of prom-client 15, no logic.
export * as default from './api.js';
export * from './api.js';
