// The public surface of telltale/testing: helpers for users' own tests.
export { ManualClock } from './manual-clock.js';
