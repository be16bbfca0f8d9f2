// Values as people read them.
import { formatValue, unitOfRate, unitOfValue } from '../../../lib/dashboard/panels/units.js';

describe('formatValue', () => {
  it.each([
    [0, 'seconds', '0 s'],
    [2.5e-8, 'seconds', '25 ns'],
    [0.0000125, 'seconds', '12.5 µs'],
    [0.0123456, 'seconds', '12.3 ms'],
    [1.5, 'seconds', '1.5 s'],
    [150, 'seconds', '2.5 min'],
    [9000, 'seconds', '2.5 h'],
    [864_000, 'seconds', '10 d'],
    [1023, 'bytes', '1023 B'],
    [1024, 'bytes', '1 KiB'],
    [5.25 * 1024 ** 2, 'bytes', '5.25 MiB'],
    [3 * 1024 ** 3, 'bytes-per-second', '3 GiB/s'],
    [0.0256, 'ratio', '2.56 %'],
    [12.34, 'percent', '12.3 %'],
    [0.5, 'per-second', '0.5/s'],
    [12_345, 'none', '12.3 k'],
    [4_500_000, 'none', '4.5 M'],
    [0.00001, 'none', '1.00e-5'],
    [-0.02, 'seconds', '−20 ms'],
    [Number.POSITIVE_INFINITY, 'seconds', '∞'],
    [Number.NEGATIVE_INFINITY, 'none', '−∞'],
    [Number.NaN, 'bytes', '–'],
    [undefined, 'none', '–'],
  ] as const)('writes %p in %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('unitOfRate', () => {
  it('makes a share of seconds per second', () => {
    expect(['seconds', 'bytes', ''].map(unitOfRate)).toEqual(['ratio', 'bytes-per-second', 'per-second']);
  });
});

describe('unitOfValue', () => {
  it.each([
    ['seconds', 'process_start_time_seconds', 'timestamp'],
    ['seconds', 'wait_time_seconds', 'seconds'],
    ['', 'nodejs_eventloop_utilization', 'ratio'],
    ['', 'queue_depth', 'none'],
  ])('takes %p of %s for %s', (base, name, unit) => {
    expect(unitOfValue(base, name)).toBe(unit);
  });
});
