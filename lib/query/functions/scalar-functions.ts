// The functions that answer scalars, by name: what the evaluator looks them up in.
import type { ScalarFunction } from './function.js';

export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {};
