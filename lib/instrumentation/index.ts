// The entry point `telltale/instrumentation`: one call for each of the things that services are made of.
export type { Instrumentation, InstrumentationOptions } from './instrumentation.js';
