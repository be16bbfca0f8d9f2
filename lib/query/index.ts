// The entry point `telltale/query`: PromQL inside the process.
export type { QueryError } from '../errors.js';
export type { NativeBuckets, NativeHistogram, ResetHint } from '../model/native-histogram.js';
export type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../model/storage.js';
export type { InstantOptions, Moment, QueryEngineOptions, RangeOptions } from './engine-options.js';
export type { FloatHistogram } from './histograms/float-histogram.js';
export type { Describing } from './http-api/endpoints.js';
export { type QueryApiOptions, queryApi } from './http-api/query-api.js';
export { query, type Storing } from './query.js';
export { QueryEngine } from './query-engine.js';
export type { QueryNotes, QueryResult, QueryValue, ResultSeries, VectorSample } from './values/query-result.js';
