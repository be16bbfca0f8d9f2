// Holds how a target is judged, on invented figures: nothing is timed here.
import {
  type Figures,
  faster,
  isMet,
  limit,
  type Row,
  share,
  type Target,
  verdictOf,
} from '../../../benchmarks/harness/row.js';

const figures: Figures = { telltale: 10, 'prom-client': 100 };

const rowOf = (targets: readonly Target[]): Row => ({
  id: 'invented',
  title: 'an invented row',
  unit: 'ns',
  targets,
  rehearsed: false,
  measure: async () => figures,
});

describe('isMet', () => {
  it('asks the other library to take at least so many times longer', () => {
    expect(isMet(faster('prom-client', 10), figures)).toBe(true);
    expect(isMet(faster('prom-client', 10.1), figures)).toBe(false);
  });

  it('asks for at most a share of what the other library takes', () => {
    expect(isMet(share('prom-client', 0.1), figures)).toBe(true);
    expect(isMet(share('prom-client', 0.09), figures)).toBe(false);
  });

  it('asks for at most a number', () => {
    expect(isMet(limit(10), figures)).toBe(true);
    expect(isMet(limit(9), figures)).toBe(false);
  });

  it('does not judge a figure that is missing', () => {
    expect(isMet(faster('OpenTelemetry', 2), figures)).toBeUndefined();
    expect(isMet(limit(1), {})).toBeUndefined();
  });
});

describe('verdictOf', () => {
  it('wants every target of a row to be met', () => {
    const targets = [faster('prom-client', 10), limit(9)];
    expect(verdictOf({ row: rowOf(targets.slice(0, 1)), figures })).toBe(true);
    expect(verdictOf({ row: rowOf(targets), figures })).toBe(false);
  });

  it('counts a target without figures as missed', () => {
    expect(verdictOf({ row: rowOf([faster('OpenTelemetry', 2)]), figures })).toBe(false);
  });

  it('has none for a row without targets', () => {
    expect(verdictOf({ row: rowOf([]), figures })).toBeUndefined();
  });
});
