// The public surface of telltale/prom-client: the names of prom-client 15, and a collector under those of a registry. No logic.
export * as default from './api.js';
export * from './api.js';
export { asPromClientRegistry, type CollectorRegistry } from './collector-registry.js';
