// The public surface of telltale/exposition: explicit names, no logic.
export { type Escaping, escapeLabelName, escapeName, unescapeName } from '../model/escaping.js';
export type { AcquireChunk } from './chunk-writer.js';
export { CHUNK_BYTES } from './chunk-writer.js';
export {
  type EncodeOptions,
  type ExpositionFormat,
  type ExpositionTextFormat,
  encodeFamilies,
  encodeToString,
} from './encode.js';
export { contentTypeOf, type Negotiated, type NegotiationOptions, negotiate, type Offer } from './negotiation.js';
export type { ExpositionLimits } from './reading/limits.js';
export {
  type ExpositionSource,
  type ParseOptions,
  parseExposition,
  type ReadOptions,
  readFamilies,
} from './reading/parse-exposition.js';
