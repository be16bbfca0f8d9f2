// The unit of a query's answer, as far as its words tell: a guess that shows no unit where it is not sure.
import { unitOf } from './known-family.js';
import { type Unit, unitOfRate, unitOfValue } from './units.js';

const COUNTING =
  /\b(count|count_over_time|count_values|group|absent|absent_over_time|changes|resets|histogram_count|timestamp|stdvar\w*)\s*(by|without)?\s*\(/;

export function unitOfQuery(query: string): Unit {
  const bare = query.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '');
  const selectors = bare.replace(/\{[^}]*\}|\[[^\]]*\]/g, '').replace(/\b(by|without)\s*\([^)]*\)/g, '');
  if (/[*/^%]|\bbool\b/.test(selectors) || COUNTING.test(bare)) return 'none';
  const names = [...new Set(selectors.match(/[a-zA-Z_:][\w:]*/g) ?? [])].map((name) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );
  const named = names.filter((name) => unitOf(name) !== '');
  const units = new Set(named.map(unitOf));
  const isRate = /\b(rate|irate|deriv)\s*\(/.test(bare);
  const [unit] = units;
  if (units.size > 1) return 'none';
  const isOfBuckets = /\bhistogram_(quantile|avg|stddev)\s*\(/.test(bare);
  const isCount = /_count\b/.test(selectors) || (/_bucket\b/.test(selectors) && !isOfBuckets);
  if (isCount || unit === undefined) return isRate ? 'per-second' : 'none';
  const isValue = !isRate || isOfBuckets;
  return isValue ? unitOfValue(unit, named[0] ?? '') : unitOfRate(unit);
}
