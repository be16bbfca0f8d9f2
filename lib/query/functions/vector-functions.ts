// The functions that answer vectors, by name: what the evaluator looks them up in. Each topic has its own record beside this
// file, and is spread in here.
import { absentFunctions } from './absent-functions.js';
import { boundingFunctions } from './bounding-functions.js';
import type { VectorFunction } from './function.js';
import { histogramFunctions } from './histogram-functions.js';
import { labelFunctions } from './label-functions.js';
import { mathFunctions } from './math-functions.js';
import { orderFunctions } from './order-functions.js';
import { rangeFunctions } from './range-functions.js';
import { timeFunctions } from './time-functions.js';

export const vectorFunctions: Readonly<Record<string, VectorFunction>> = {
  ...absentFunctions,
  ...boundingFunctions,
  ...histogramFunctions,
  ...labelFunctions,
  ...mathFunctions,
  ...orderFunctions,
  ...rangeFunctions,
  ...timeFunctions,
};
