// A family with many series, filled with the same recordings in every library: what the rows about reading start from.
import { Counter, Histogram, Registry } from 'prom-client';
import type { MetricsCollector } from 'telltale';
import { newCollector, newOpenTelemetry, type OpenTelemetry } from './libraries.js';
import { totalsOf } from './protobuf-totals.js';
import { BUCKETS, LABEL_NAMES, type Requests } from './workload.js';

export type Kind = 'counter' | 'histogram' | 'native';

const NAME = 'requests';
const COUNTER = `${NAME}_total`;
/** Lines of text per series. */
const LINES: Readonly<Record<Kind, number>> = { counter: 1, histogram: BUCKETS.length + 3, native: 3 };
/** Of so many series, one is recorded again between two readings. */
const RECORD_EVERY = 10;

type Recording = (i: number, amount: number) => void;

export class FilledFamily<L> {
  readonly library: L;
  readonly #kind: Kind;
  readonly #requests: Requests;
  readonly #record: Recording;
  #count = 0;
  #sum = 0;
  #offset = 0;

  constructor(library: L, kind: Kind, requests: Requests, record: Recording) {
    this.library = library;
    this.#kind = kind;
    this.#requests = requests;
    this.#record = record;
  }

  /** Records every request once. */
  recordAll(): this {
    this.#recordEvery(1, 0);
    return this;
  }

  /** Records some requests again, so that no reading can be served from the one before. */
  recordSome(): void {
    this.#offset = (this.#offset + 1) % RECORD_EVERY;
    this.#recordEvery(RECORD_EVERY, this.#offset);
  }

  /** @throws Error unless a text shows all series, with everything that was recorded in them. */
  checkText(text: string): void {
    const lines = text.split('\n').filter((line) => line.startsWith(NAME));
    const isCounter = this.#kind === 'counter';
    expectEqual('The number of lines', lines.length, this.#requests.series * LINES[this.#kind]);
    expectEqual('The sum', totalOf(lines, isCounter ? COUNTER : `${NAME}_sum`), this.#sum);
    if (!isCounter) expectEqual('The count', totalOf(lines, `${NAME}_count`), this.#count);
  }

  /** @throws Error unless an exposition in protobuf holds all series, with everything that was recorded in them. */
  checkProtobuf(bytes: Uint8Array): void {
    const isCounter = this.#kind === 'counter';
    const { series, sum, count } = totalsOf(bytes, isCounter ? COUNTER : NAME);
    expectEqual('The number of series', series, this.#requests.series);
    expectEqual('The sum', sum, this.#sum);
    if (!isCounter) expectEqual('The count', count, this.#count);
  }

  #recordEvery(step: number, offset: number): void {
    const { seconds, length } = this.#requests;
    for (let i = offset; i < length; i += step) {
      // Counts are whole numbers of up to four digits; durations are as they come.
      const amount = this.#kind === 'counter' ? Math.ceil(seconds[i]! * 500) : seconds[i]!;
      this.#record(i, amount);
      this.#count++;
      this.#sum += amount;
    }
  }
}

function totalOf(lines: readonly string[], name: string): number {
  let total = 0;
  for (const line of lines) if (line.startsWith(name)) total += Number(line.slice(line.lastIndexOf(' ')));
  return total;
}

function expectEqual(what: string, actual: number, expected: number): void {
  // Sums differ in their last digits with the order of adding.
  if (Math.abs(actual - expected) <= expected * 1e-9) return;
  throw new Error(
    `${what} in an exposition should be ${expected}, but is ${actual}: the row does not measure what it says.`,
  );
}

export function filledCollector(kind: Kind, requests: Requests): FilledFamily<MetricsCollector> {
  const { methods, routes, statuses } = requests;
  const library = newCollector();
  if (kind === 'counter') {
    const counter = library.counter(COUNTER, { labelNames: LABEL_NAMES });
    return new FilledFamily(library, kind, requests, (i, amount) => {
      counter.increment(amount, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    });
  }
  const options = kind === 'native' ? { native: true } : { buckets: BUCKETS };
  const histogram = library.histogram(NAME, { labelNames: LABEL_NAMES, ...options });
  return new FilledFamily(library, kind, requests, (i, amount) => {
    histogram.observe(amount, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
  });
}

export function filledRegistry(kind: Kind, requests: Requests): FilledFamily<Registry> {
  const { methods, routes, statuses } = requests;
  const library = new Registry();
  const options = { help: 'Requests', labelNames: LABEL_NAMES, registers: [library] };
  if (kind === 'counter') {
    const counter = new Counter({ ...options, name: COUNTER });
    return new FilledFamily(library, kind, requests, (i, amount) => {
      counter.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, amount);
    });
  }
  const histogram = new Histogram({ ...options, name: NAME, buckets: [...BUCKETS] });
  return new FilledFamily(library, kind, requests, (i, amount) => {
    histogram.observe({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, amount);
  });
}

export function filledOpenTelemetry(kind: Kind, requests: Requests): FilledFamily<OpenTelemetry> {
  const { methods, routes, statuses } = requests;
  const library = newOpenTelemetry();
  if (kind === 'counter') {
    const counter = library.meter.createCounter(COUNTER);
    return new FilledFamily(library, kind, requests, (i, amount) => {
      counter.add(amount, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    });
  }
  const histogram = library.meter.createHistogram(NAME, { advice: { explicitBucketBoundaries: [...BUCKETS] } });
  return new FilledFamily(library, kind, requests, (i, amount) => {
    histogram.record(amount, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
  });
}
