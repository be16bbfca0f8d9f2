// Instruments that are asked: their callbacks run before every reading, with the time limit of the collector. What a callback
// told the last time and does not tell any more is gone, so that no old value passes for a present one.
import {
  type Attributes,
  type BatchObservableCallback,
  type BatchObservableResult,
  diag,
  type Observable,
  type ObservableCallback,
} from '@opentelemetry/api';
import type { MetricsCollector } from '../../collector.js';
import { processed } from './recorders.js';
import type { Stream, Streams } from './streams.js';

type Labels = Readonly<Record<string, string>>;
type Observed = readonly [value: number, attributes: Attributes | undefined];
type Told = Map<string, { readonly value: number; readonly attributes: Attributes | undefined }>;

export class ObservableInstrument implements Observable {
  /** @internal */
  readonly streams: readonly Stream[];
  readonly #callbacks: Callbacks;

  constructor(streams: readonly Stream[], callbacks: Callbacks) {
    this.streams = streams;
    this.#callbacks = callbacks;
  }

  addCallback(callback: ObservableCallback): void {
    const single: Single = (result) =>
      callback({ observe: (value, attributes) => result.observe(this, value, attributes) });
    this.#callbacks.add(callback, [this], single);
  }

  removeCallback(callback: ObservableCallback): void {
    this.#callbacks.remove(callback, [this]);
  }
}

type Single = (result: BatchObservableResult) => void | Promise<void>;

interface Registration {
  readonly callback: unknown;
  readonly instruments: ReadonlySet<ObservableInstrument>;
  remove(): void;
}

/** The callbacks of one meter. */
export class Callbacks {
  readonly #collector: MetricsCollector;
  readonly #failures: Streams['failures'];
  readonly #registrations: Registration[] = [];

  constructor(collector: MetricsCollector, { failures }: Streams) {
    this.#collector = collector;
    this.#failures = failures;
  }

  addBatch(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    const instruments = ownOf(observables);
    if (instruments.length === 0) diag.error('A batch callback needs instruments of this meter provider.');
    else this.add(callback, instruments, callback);
  }

  removeBatch(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    this.remove(callback, ownOf(observables));
  }

  /** A callback that is there already is not added again. */
  add(callback: unknown, instruments: readonly ObservableInstrument[], run: Single): void {
    if (this.#find(callback, instruments) !== undefined) return;
    const observation = new Observation(new Set(instruments), run);
    const { targets } = observation;
    const collecting = this.#collector.collectBeside(
      targets.map(({ sink }) => sink.instrument),
      async () => {
        await observation.run();
        this.#failures.delete(observation);
      },
      (error) => {
        observation.forget();
        this.#failures.set(observation, 'cause' in error ? error.cause : error);
      },
    );
    const remove = () => {
      collecting.remove();
      observation.end();
      this.#failures.delete(observation);
    };
    this.#registrations.push({ callback, instruments: new Set(instruments), remove });
  }

  remove(callback: unknown, instruments: readonly ObservableInstrument[]): void {
    const registration = this.#find(callback, instruments);
    if (registration === undefined) return;
    this.#registrations.splice(this.#registrations.indexOf(registration), 1);
    registration.remove();
  }

  /** Takes all callbacks away, and with them what they told. */
  clear(): void {
    for (const registration of this.#registrations.splice(0)) registration.remove();
  }

  #find(callback: unknown, instruments: readonly ObservableInstrument[]): Registration | undefined {
    const wanted = new Set(instruments);
    return this.#registrations.find(
      (one) =>
        one.callback === callback &&
        one.instruments.size === wanted.size &&
        [...wanted].every((instrument) => one.instruments.has(instrument)),
    );
  }
}

function ownOf(observables: readonly Observable[]): readonly ObservableInstrument[] {
  if (!Array.isArray(observables)) return [];
  return [...new Set(observables)].filter((observable) => observable instanceof ObservableInstrument);
}

/** One callback, and what it told the last time. */
class Observation {
  readonly targets: readonly Stream[];
  readonly #instruments: ReadonlySet<ObservableInstrument>;
  readonly #callback: Single;
  #told = new Map<Stream, Told>();
  #hasEnded = false;

  constructor(instruments: ReadonlySet<ObservableInstrument>, callback: Single) {
    this.#instruments = instruments;
    this.#callback = callback;
    this.targets = [...new Set([...instruments].flatMap(({ streams }) => streams))];
  }

  async run(): Promise<void> {
    const observed = new Map<ObservableInstrument, Observed[]>();
    let isOpen = true;
    await this.#callback({
      observe: (metric, value, attributes) => {
        const instrument = metric as ObservableInstrument;
        // What is told after the end would be taken for an answer to the next question.
        if (!isOpen || !this.#instruments.has(instrument)) return;
        const list = observed.get(instrument) ?? [];
        observed.set(instrument, list);
        list.push([value, attributes]);
      },
    });
    isOpen = false;
    if (this.#hasEnded) return;
    const told = new Map<Stream, Told>();
    for (const [instrument, list] of observed) {
      for (const stream of instrument.streams) told.set(stream, take(stream, list));
    }
    this.#forgetUnless(told);
    this.#told = told;
  }

  /** Removes what was told the last time. */
  forget(): void {
    this.#forgetUnless(new Map());
    this.#told = new Map();
  }

  end(): void {
    this.#hasEnded = true;
    this.forget();
  }

  #forgetUnless(told: ReadonlyMap<Stream, Told>): void {
    for (const [stream, before] of this.#told) {
      if (stream.sink.type === 'histogram') continue;
      for (const [key, { attributes }] of before) {
        if (told.get(stream)?.has(key) !== true) stream.sink.instrument.remove((attributes ?? {}) as Labels);
      }
    }
  }
}

/** Gives a stream what was observed. Of what becomes one by a filter, sums are added up; else the last one counts. */
function take({ sink, description }: Stream, observed: readonly Observed[]): Told {
  const { processors, isInteger } = description;
  const told: Told = new Map();
  for (const [given, unfiltered] of observed) {
    const attributes = processed(unfiltered, processors);
    const value = isInteger && typeof given === 'number' ? Math.trunc(given) : given;
    if (sink.type === 'histogram') {
      sink.instrument.observe(value, attributes as Labels);
      continue;
    }
    // An instrument of whole numbers takes no others, not even those that a gauge takes for unknown.
    if (isInteger && sink.type === 'gauge' && !Number.isFinite(value)) {
      sink.instrument.increment(Number.NaN);
      continue;
    }
    const key = textOf(attributes);
    const isSum = processors.length > 0 && (sink.type === 'counter' || sink.isSum);
    told.set(key, { value: isSum ? (told.get(key)?.value ?? 0) + value : value, attributes });
  }
  if (sink.type === 'histogram') return told;
  for (const { value, attributes } of told.values()) sink.instrument.assign(value, attributes as Labels);
  return told;
}

/** Tells sets of attributes apart, in whatever order they are. What cannot be written down is refused when it is recorded. */
function textOf(attributes: Attributes | undefined): string {
  try {
    return JSON.stringify(Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return '';
  }
}
