// The entry point `telltale/alerts`: rules as Prometheus has them, evaluated in the process, and those who are told.
export type { AlertError } from '../errors.js';
export type { Alert, AlertState, Notifier } from './alert.js';
