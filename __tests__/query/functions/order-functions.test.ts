// The order of an instant query's answer.
import { orderFunctions } from '../../../lib/query/functions/order-functions.js';
import { askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const engine = engineOver(
  [{ __name__: 'x', k: 'a' }, [2]],
  [{ __name__: 'x', k: 'b' }, [Number.NaN]],
  [{ __name__: 'x', k: 'c' }, [Number.POSITIVE_INFINITY]],
  [{ __name__: 'x', k: 'd' }, [histogram({ 0: 1 })]],
  [{ __name__: 'x', k: 'e' }, [-1]],
  [{ __name__: 'x', k: 'f' }, [2]],
);

async function order(text: string): Promise<unknown> {
  const result = (await engine.instant(text, { time: 0 }))._unsafeUnwrap();
  return result.type === 'vector' && result.samples.map(({ labels }) => `${labels.__name__} ${labels.k}`);
}

describe('orderFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(orderFunctions)).toEqual(['sort', 'sort_desc']);
  });

  it('orders by value, with NaN last either way and without histograms', async () => {
    expect(await order('sort(x)')).toEqual(['x e', 'x a', 'x f', 'x c', 'x b']);
    expect(await order('sort_desc(x)')).toEqual(['x c', 'x a', 'x f', 'x e', 'x b']);
  });

  it('leaves the order of a range to the labels', async () => {
    const { values } = await askFrom(engine, 'sort_desc(x)', [0, 10]);
    expect(Object.keys(values)).toEqual(['a', 'b', 'c', 'e', 'f'].map((k) => `x{k="${k}"}`));
  });
});
