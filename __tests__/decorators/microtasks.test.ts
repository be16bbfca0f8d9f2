// What a decorator adds to the way of a promise, counted in microtasks: one at most, whatever becomes of it.
import { err, ok, type Result } from 'neverthrow';
import { monitored } from 'telltale/decorators';
import { recordAnew } from './recorded.js';

beforeEach(() => {
  recordAnew();
});

/** How many microtasks pass until a promise has settled. */
async function microtasksOf(promise: Promise<unknown>): Promise<number> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  let passed = 0;
  while (!settled) {
    await null;
    passed++;
  }
  return passed;
}

type Asked = () => Promise<Result<number, string>>;

const cases: Readonly<Record<string, Asked>> = {
  'that fulfils': async () => ok(1),
  'that fulfils with an Err': async () => err('no'),
  'that rejects': () => Promise.reject(new Error('no')),
  'that waits': async () => ok(await Promise.resolve(1)),
};

const options = { timing: 'asked_seconds', counter: 'asked_total', errorCounter: 'asked_errors_total' };
const wrappers: Readonly<Record<string, (ask: Asked) => Asked>> = {
  'monitored()': (ask) => monitored(ask, options),
  'monitored() with labels of the call': (ask) =>
    monitored(ask, { ...options, labels: ({ outcome }) => ({ was: outcome }) }),
  'monitored() with catch': (ask) => monitored(ask, { ...options, catch: () => 'caught', returns: 'Promise' }),
};

describe.each(Object.entries(wrappers))('%s', (_, wrap) => {
  it.each(Object.entries(cases))('adds one microtask to a promise %s', async (_case, ask) => {
    const bare = await microtasksOf(ask());
    expect(await microtasksOf(wrap(ask)())).toBe(bare + 1);
  });
});
