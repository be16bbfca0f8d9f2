// How long a scrape waits: what the scraper's header means, and what ends the waiting.
import { secondsToAnswer, within } from '../../lib/http/scrape-limit.js';

const stays = new AbortController().signal;
const never = new Promise<never>(() => {});

describe('secondsToAnswer', () => {
  it.each([
    ['10', 9.5],
    ['10.000000', 9.5],
    ['60', 59.5],
    ['5', 4.5],
    ['1', 0.9],
    ['0.5', 0.45],
  ])('leaves time to answer out of %s s', (header, seconds) => {
    expect(secondsToAnswer(header)).toBeCloseTo(seconds, 10);
  });

  it.each([
    [undefined],
    [''],
    [' 10'],
    ['0'],
    ['0.0'],
    ['-1'],
    ['+1'],
    ['1e3'],
    ['NaN'],
    ['Infinity'],
    ['0x10'],
    ['10s'],
    ['10, 20'],
    ['.5'],
    ['5.'],
    ['1'.repeat(400)],
    ['86401'],
    ['__proto__'],
  ])('ignores "%.20s"', (header) => {
    expect(secondsToAnswer(header)).toBeUndefined();
  });
});

describe('within', () => {
  it('answers what the work answers', async () => {
    expect(await within(Promise.resolve(7), { seconds: 60, signal: stays })).toBe(7);
    expect(await within(Promise.resolve(8), { seconds: undefined, signal: stays })).toBe(8);
  });

  it('rejects as the work rejects', async () => {
    await expect(within(Promise.reject(new Error('broken')), { seconds: 60, signal: stays })).rejects.toThrow('broken');
  });

  it('gives up when the time is over', async () => {
    expect(await within(never, { seconds: 0.001, signal: stays })).toBe('timed_out');
  });

  it('gives up when the client leaves, and when it has left before', async () => {
    const leaves = new AbortController();
    const waiting = within(never, { seconds: 60, signal: leaves.signal });
    leaves.abort();
    expect(await waiting).toBe('abandoned');
    expect(await within(never, { seconds: 60, signal: leaves.signal })).toBe('abandoned');
  });

  it('leaves neither timer nor listener behind', async () => {
    jest.useFakeTimers();
    try {
      const signal = new AbortController().signal;
      const removed = jest.spyOn(signal, 'removeEventListener');
      await within(Promise.resolve(1), { seconds: 60, signal });
      expect(jest.getTimerCount()).toBe(0);
      expect(removed).toHaveBeenCalledTimes(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
