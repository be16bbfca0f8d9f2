// Links to views: there and back, and anything that somebody may have put there.
import * as fc from 'fast-check';
import { readViewState, VIEWS, writeViewState } from '../../../lib/dashboard/page/view-state.js';

describe('readViewState', () => {
  it('reads what was written', () => {
    const state = fc.record({
      view: fc.constantFrom(...VIEWS),
      rangeS: fc.integer({ min: 10, max: 1_000_000 }),
      filter: fc.string({ unit: 'grapheme' }),
      query: fc.string({ unit: 'grapheme' }),
    });
    const label = fc.constantFrom('job' as const, 'instance' as const);
    const target = fc.record({ label, value: fc.string({ unit: 'grapheme' }) });
    fc.assert(fc.property(state, (written) => expect(readViewState(writeViewState(written))).toEqual(written)));
    fc.assert(
      fc.property(state, target, (rest, chosen) => {
        const written = { ...rest, endS: 1_700_000_000, target: chosen };
        expect(readViewState(writeViewState(written))).toEqual(written);
      }),
    );
  });

  it('takes the defaults for whatever does not parse', () => {
    const defaults = { view: 'overview', rangeS: 900, filter: '', query: '' };
    expect(readViewState('')).toEqual(defaults);
    expect(readViewState('#/constructor?range=-5&end=NaN')).toEqual(defaults);
    fc.assert(fc.property(fc.string(), (text) => expect(VIEWS).toContain(readViewState(text).view)));
  });

  it('holds the range within what can be drawn', () => {
    expect(readViewState('#/metrics?range=1').rangeS).toBe(10);
    expect(readViewState('#/metrics?range=99999999999').rangeS).toBe(366 * 86_400);
  });
});
