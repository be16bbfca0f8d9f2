// The functions that answer vectors, by name: what the evaluator looks them up in. Each topic has its own record beside this
// file, and is spread in here.
import type { VectorFunction } from './function.js';

export const vectorFunctions: Readonly<Record<string, VectorFunction>> = {};
