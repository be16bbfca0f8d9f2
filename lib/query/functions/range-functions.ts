// All functions over ranges in one record.
import type { VectorFunction } from './function.js';
import { instantRateFunctions } from './instant-rates.js';
import { rangeStatistics } from './range-statistics.js';
import { rateFunctions } from './rates.js';
import { regressionFunctions } from './regression.js';
import { sampleFunctions } from './sample-functions.js';
import { sumFunctions } from './sums.js';

export const rangeFunctions: Readonly<Record<string, VectorFunction>> = {
  ...rateFunctions,
  ...instantRateFunctions,
  ...sumFunctions,
  ...rangeStatistics,
  ...regressionFunctions,
  ...sampleFunctions,
};
