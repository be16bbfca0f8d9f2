// Sources beside a collector's own families: which readers see them, what becomes of names that are there twice, and what a
// source costs that fails.
import { type MemoryStorage, type MetricFamily, MetricsCollector } from 'telltale';
import { setUp as setUpCollector } from '../instruments/setup.js';

const setUp = () => setUpCollector({ collectTimeoutSeconds: 0.02 });

function collectorWith(values: Readonly<Record<string, number>>): MetricsCollector {
  const collector = new MetricsCollector();
  for (const [name, value] of Object.entries(values)) collector.gauge(name).set(value);
  return collector;
}

/** A source as users may write one. */
const sourceOf = (collect: () => Promise<readonly MetricFamily[]>) => ({ collect });

describe('attach', () => {
  it('shows the families of another collector behind the own ones, to every reader', async () => {
    const { metrics, lines } = setUp();
    metrics.gauge('own').set(1);
    metrics.attach(collectorWith({ other: 2 }));
    expect(await lines()).toEqual(['own 1', 'other 2']);
    expect((await metrics.getAllMetrics()).find(({ name }) => name === 'other')?.value).toBe(2);
    expect((await metrics.snapshot()).families.map(({ descriptor }) => descriptor.name)).toContain('other');
    expect((await metrics.collectAndStore()).isOk()).toBe(true);
    const now = metrics.clock.now();
    const stored = await (metrics.storage as MemoryStorage).select(
      [{ name: '__name__', operator: '=', value: 'other' }],
      { startMs: now, endMs: now },
    );
    expect([...stored._unsafeUnwrap()].map(({ values }) => [...values])).toEqual([[2]]);
  });

  it('shows what the source has at the time of each reading, until it is removed', async () => {
    const { metrics, lines } = setUp();
    const other = collectorWith({ other: 1 });
    const attachment = metrics.attach(other);
    expect(await lines()).toEqual(['other 1']);
    other.gauge('other').set(2);
    other.gauge('later').set(3);
    expect(await lines()).toEqual(['other 2', 'later 3']);
    attachment.remove();
    expect(await lines()).toEqual([]);
  });

  it('shows of two families with one name the own one, then that which was attached first, and tells of it once', async () => {
    const { metrics, lines, told, clock } = setUp();
    metrics.counter('own_total').increment(1);
    metrics.attach(collectorWith({ own: 5, twice: 1 }), { name: 'first' });
    metrics.attach(collectorWith({ twice: 2, alone: 3 }), { name: 'second' });
    // The gauge `own` would be the counter's name in OpenMetrics.
    expect(await lines()).toEqual(['own_total 1', 'twice 1', 'alone 3']);
    expect(told).toEqual([
      {
        kind: 'family_conflict',
        metric: 'own',
        existing: 'the counter own_total of this collector',
        requested: 'the gauge own of first',
        resolution: 'Only the first one is shown. Rename one of them, or detach the source that need not be shown.',
      },
      expect.objectContaining({
        metric: 'twice',
        existing: 'the gauge twice of first',
        requested: 'the gauge twice of second',
      }),
    ]);
    clock.advance(2);
    await lines();
    expect(told).toHaveLength(2);
    const text = await metrics.expose();
    expect(text.match(/^# TYPE twice /gm)).toHaveLength(1);
  });

  it('does not tell of what every collector says of itself', async () => {
    const { metrics, told } = setUp();
    const other = new MetricsCollector();
    metrics.attach(other);
    for (const collector of [metrics, other]) collector.counter('jobs_total').increment(-1);
    told.length = 0;
    const text = await metrics.expose();
    expect(text.match(/^telltale_dropped_recordings_total.*/gm)).toEqual([
      'telltale_dropped_recordings_total{reason="negative"} 1',
    ]);
    expect(told.filter(({ kind }) => kind === 'family_conflict')).toEqual([
      expect.objectContaining({ metric: 'jobs_total' }),
    ]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no')), { kind: 'source_failed', source: 'bad', cause: new Error('no') }],
    ['hangs', () => new Promise<never>(() => {}), { kind: 'source_timed_out', source: 'bad', timeoutSeconds: 0.02 }],
    ['answers something else', async () => [{}] as never, { kind: 'source_failed', source: 'bad' }],
    [
      'breaks in the middle of a family',
      async () => [
        {
          descriptor: { name: 'broken', type: 'gauge', description: '', unit: '' } as const,
          observedNegative: false,
          // biome-ignore lint/correctness/useYield: it never comes to that
          *blocks() {
            throw new Error('broken');
          },
        },
      ],
      { kind: 'source_failed', source: 'bad', cause: new Error('broken') },
    ],
  ])('goes without a source that %s, and counts it', async (_, collect, error) => {
    const { metrics, lines, told } = setUp();
    metrics.gauge('own').set(1);
    metrics.attach(sourceOf(collect), { name: 'bad' });
    metrics.attach(collectorWith({ other: 2 }));
    expect(await lines()).toEqual(['own 1', 'other 2']);
    expect(told).toEqual([expect.objectContaining(error)]);
    const errors = metrics.counter('telltale_source_errors_total', { labelNames: ['source'] });
    expect(errors.getValue({ source: 'bad' })).toBe(1);
  });

  it('neither waits again for a source that hangs nor asks it again, and shows it once it has answered', async () => {
    const { metrics, lines } = setUp();
    const { families } = await collectorWith({ late: 1 }).snapshot();
    let calls = 0;
    let answer: (families: readonly MetricFamily[]) => void = () => {};
    const answered = new Promise<readonly MetricFamily[]>((resolve) => {
      answer = resolve;
    });
    metrics.attach(
      sourceOf(() => {
        calls++;
        return answered;
      }),
    );
    expect(await lines()).toEqual([]);
    const reading = lines();
    answer(families.filter(({ descriptor }) => descriptor.name === 'late'));
    expect(await reading).toEqual([]);
    expect(calls).toBe(1);
    expect(await lines()).toEqual(['late 1']);
    expect(calls).toBe(2);
  });

  it('escapes names of a source that this collector itself could not have', async () => {
    const { metrics, lines } = setUp();
    const other = new MetricsCollector({ names: 'utf8' });
    other.gauge('queue.depth').set(1);
    metrics.attach(other);
    expect(await lines()).toEqual(['queue_depth 1']);
    expect(await metrics.expose('prometheus', { escaping: 'allow-utf-8' })).toContain('{"queue.depth"} 1');
  });

  it('gives each source a name of its own in what is counted and told', async () => {
    const { metrics, told } = setUp();
    metrics.attach(sourceOf(() => Promise.reject(new Error('no'))));
    metrics.attach(sourceOf(() => Promise.reject(new Error('no'))));
    await metrics.expose();
    const errors = metrics.counter('telltale_source_errors_total', { labelNames: ['source'] });
    expect([errors.getValue({ source: 'source' }), errors.getValue({ source: 'source 2' })]).toEqual([1, 1]);
    expect(told.map((error) => 'source' in error && error.source)).toEqual(['source', 'source 2']);
  });

  it('refuses a collector that reads this one, at once or through others', () => {
    const [a, b, c] = [setUp().metrics, setUp().metrics, setUp().metrics];
    expect(() => a.attach(a)).toThrow(expect.objectContaining({ kind: 'invalid_option' }));
    a.attach(b);
    b.attach(c);
    expect(() => c.attach(a)).toThrow(/Attach one of them only/);
  });

  it.each([[null], [42], [{}], [() => {}], ['ftp://127.0.0.1/'], ['file:///etc/passwd'], ['no url']])(
    'refuses %p, which is nothing to read from',
    (source) => {
      expect(() => setUp().metrics.attach(source as never)).toThrow(
        expect.objectContaining({ kind: 'invalid_option' }),
      );
    },
  );

  it.each([[''], [7], ['x'.repeat(201)]])('refuses the name %p', (name) => {
    expect(() => setUp().metrics.attach(new MetricsCollector(), { name: name as string })).toThrow(/The option name/);
  });
});
