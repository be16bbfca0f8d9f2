// Where decorators may go, and that a decorated method is still the method that it was.
import { Counted, monitored, PerformanceMonitored, Timed } from 'telltale/decorators';
import { type Recorded, recordAnew } from './recorded.js';

let recorded: Recorded;
beforeEach(() => {
  recorded = recordAnew();
});

class Base {
  readonly factor: number = 2;

  @Counted('doubled_total')
  double(value: number, ..._rest: unknown[]): number {
    return value * this.factor;
  }

  @Timed({ name: 'overridden_seconds', description: 'Time', buckets: [1] })
  overridden(): string {
    return 'base';
  }

  @Counted({ name: 'made_total', labels: { kind: 'static' } })
  static make(this: typeof Base): Base {
    return new this();
  }
}

class Derived extends Base {
  override readonly factor: number = 3;

  @Counted('overridden_total')
  override overridden(): string {
    return `derived of ${super.overridden()}`;
  }
}

describe('a decorated method', () => {
  it('has its this, its arguments, its name and its length', () => {
    expect(new Base().double(4, 'more')).toBe(8);
    expect([Base.prototype.double.name, Base.prototype.double.length]).toEqual(['double', 1]);
    expect(Base.make()).toBeInstanceOf(Base);
    expect(Base.make.name).toBe('make');
  });

  it('may be inherited, overridden and called by what overrides it', async () => {
    const derived = new Derived();
    expect([derived.double(2), derived.overridden()]).toEqual([6, 'derived of base']);
    expect(Derived.make()).toBeInstanceOf(Derived);
    expect((await recorded.lines()).toSorted()).toEqual([
      'doubled_total{outcome="ok"} 1',
      'made_total{kind="static",outcome="ok"} 1',
      'overridden_seconds_count 1',
      'overridden_seconds_sum 0',
      'overridden_total{outcome="ok"} 1',
    ]);
  });

  it('may be called without an object', () => {
    const { overridden } = Base.prototype;
    expect(overridden.call(undefined as never)).toBe('base');
  });

  it('keeps the properties that others have hung on it', () => {
    const marked = Object.assign(() => 1, { marked: true, [Symbol.for('x')]: 2 });
    const same = monitored(marked, { counter: 'c_total' });
    expect([same.marked, same[Symbol.for('x') as never], same()]).toEqual([true, 2, 1]);
  });

  it('makes instances of what it stands for', () => {
    function Point(this: { x: number }, x: number): void {
      this.x = x;
    }
    const Same = monitored(Point, { counter: 'c_total' }) as unknown as new (x: number) => { x: number };
    const point = new Same(3);
    expect(point).toBeInstanceOf(Point);
    expect(point.x).toBe(3);
  });

  it('finds its collector when it is called, also when that changes', async () => {
    new Base().double(1);
    const second = recordAnew();
    new Base().double(1);
    new Base().double(1);
    expect(await recorded.lines()).toEqual(['doubled_total{outcome="ok"} 1']);
    expect(await second.lines()).toEqual(['doubled_total{outcome="ok"} 2']);
  });

  it('records into the collector that it is given', async () => {
    const other = recordAnew();
    const { lines } = recordAnew();
    const fn = monitored(() => 1, { counter: 'c_total', collector: other.metrics });
    fn();
    expect(await other.lines()).toEqual(['c_total{outcome="ok"} 1']);
    expect(await lines()).toEqual([]);
  });
});

/** What the compiler would refuse. */
const misplaced = Timed('x_seconds') as unknown as (...args: unknown[]) => void;

describe('a decorator', () => {
  it.each([
    [
      'an accessor',
      () =>
        class {
          @misplaced get value() {
            return 1;
          }
        },
    ],
    [
      'a class',
      () => {
        @misplaced
        class Decorated {}
        return Decorated;
      },
    ],
  ])('refuses %s, with what to do instead', (_, define) => {
    expect(define).toThrow('It goes on methods. For a plain function use monitored(fn, options).');
  });
});

describe('labels', () => {
  it('are made from the call when it has ended', async () => {
    const seen: unknown[] = [];
    class Shop {
      readonly region = 'north';
      @PerformanceMonitored({
        timing: 'order_seconds',
        counter: 'orders_total',
        errorCounter: 'order_errors_total',
        labels: (call) => {
          seen.push(call);
          return { region: (call.self as Shop).region, items: call.args.length };
        },
      })
      order(...items: string[]): number {
        recorded.clock.advance(2);
        if (items.includes('nothing')) throw new RangeError('empty');
        return items.length;
      }
    }
    const shop = new Shop();
    shop.order('a', 'b');
    expect(() => shop.order('nothing')).toThrow('empty');
    expect(seen).toEqual([
      { self: shop, args: ['a', 'b'], method: 'order', outcome: 'ok', error: undefined, durationSeconds: 2 },
      {
        self: shop,
        args: ['nothing'],
        method: 'order',
        outcome: 'thrown',
        error: new RangeError('empty'),
        durationSeconds: 2,
      },
    ]);
    expect((await recorded.lines()).filter((line) => line.startsWith('order'))).toEqual([
      'order_seconds_sum{items="2",region="north"} 2',
      'order_seconds_count{items="2",region="north"} 1',
      'order_seconds_sum{items="1",region="north"} 2',
      'order_seconds_count{items="1",region="north"} 1',
      'orders_total{items="2",outcome="ok",region="north"} 1',
      'orders_total{items="1",outcome="thrown",region="north"} 1',
      'order_errors_total{error_type="RangeError",items="1",region="north"} 1',
    ]);
  });

  it.each([
    [
      'throw',
      () => {
        throw new Error('broken');
      },
    ],
    ['are none', () => 'none' as never],
    ['have values that are none', () => ({ a: ['x'] }) as never],
  ])('that %s are a dropped recording', async (_, labels) => {
    const fn = monitored(() => 5, { counter: 'c_total', labels });
    expect(fn()).toBe(5);
    expect(await recorded.metrics.expose()).toMatch(/^telltale_dropped_recordings_total\{.*\} 1$/m);
  });

  it('tell no more than 20 types of error apart', async () => {
    const fn = monitored(
      (kind: string) => {
        throw { kind };
      },
      { errorCounter: 'errors_total' },
    );
    for (let i = 0; i < 25; i++) expect(() => fn(`kind_${i}`)).toThrow();
    const lines = await recorded.lines();
    expect(lines).toHaveLength(21);
    expect(lines).toContain('errors_total{error_type="other"} 5');
  });
});

describe('a native histogram that was defined before', () => {
  it('gets every duration into its buckets', () => {
    const seconds = recorded.metrics.histogram('waited_seconds', { native: { growthFactor: 1.1 }, labelNames: [] });
    const wait = monitored((time: number) => recorded.clock.advance(time), { timing: 'waited_seconds' });
    for (const time of [1, 4, 4]) wait(time);
    expect(seconds.getQuantile(1)).toBeGreaterThan(3.6);
    expect(seconds.getQuantile(0.1)).toBeLessThan(1.1);
  });
});
