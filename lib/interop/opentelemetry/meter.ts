// A meter: makes the instruments of one scope. Names that the API does not allow are told to its diagnostics and work all the
// same, as in the SDK.
import {
  type BatchObservableCallback,
  type Counter,
  diag,
  type Gauge,
  type Histogram,
  type Meter,
  type MetricOptions,
  type Observable,
  type UpDownCounter,
  ValueType,
} from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { MetricsCollector } from '../../collector.js';
import { Callbacks, ObservableInstrument } from './observables.js';
import { recorderFor } from './recorders.js';
import type { InstrumentKind } from './sdk-values.js';
import { type Stream, Streams } from './streams.js';
import { type InstrumentDescription, type Scope, streamsOf } from './views.js';

const NAME = /^[a-z][a-z0-9_.\-/]{0,254}$/i;

export class TelltaleMeter implements Meter {
  readonly #scope: Scope;
  readonly #views: readonly ViewOptions[];
  readonly #streams: Streams;
  /** @internal */
  readonly callbacks: Callbacks;

  /** Use `TelltaleMeterProvider.getMeter`. */
  constructor(collector: MetricsCollector, scope: Scope, views: readonly ViewOptions[]) {
    this.#scope = scope;
    this.#views = views;
    this.#streams = Streams.of(collector);
    this.callbacks = new Callbacks(collector, this.#streams);
  }

  createCounter(name: string, options?: MetricOptions): Counter {
    return recorderFor(this.#open('COUNTER', name, options));
  }

  createUpDownCounter(name: string, options?: MetricOptions): UpDownCounter {
    return recorderFor(this.#open('UP_DOWN_COUNTER', name, options));
  }

  createGauge(name: string, options?: MetricOptions): Gauge {
    return recorderFor(this.#open('GAUGE', name, options));
  }

  createHistogram(name: string, options?: MetricOptions): Histogram {
    return recorderFor(this.#open('HISTOGRAM', name, options));
  }

  createObservableCounter(name: string, options?: MetricOptions): Observable {
    return new ObservableInstrument(this.#open('OBSERVABLE_COUNTER', name, options), this.callbacks);
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): Observable {
    return new ObservableInstrument(this.#open('OBSERVABLE_UP_DOWN_COUNTER', name, options), this.callbacks);
  }

  createObservableGauge(name: string, options?: MetricOptions): Observable {
    return new ObservableInstrument(this.#open('OBSERVABLE_GAUGE', name, options), this.callbacks);
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.callbacks.addBatch(callback, observables);
  }

  removeBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.callbacks.removeBatch(callback, observables);
  }

  #open(kind: InstrumentKind, given: string, options: MetricOptions = {}): readonly Stream[] {
    const name = String(given);
    if (!NAME.test(name)) {
      diag.warn(`Invalid metric name: "${name}". It needs a letter first, then letters, digits or _.-/, 255 at most.`);
    }
    const instrument: InstrumentDescription = {
      name,
      kind,
      description: String(options.description ?? ''),
      unit: String(options.unit ?? ''),
      isInteger: options.valueType === ValueType.INT,
      bounds: boundsOf(options.advice?.explicitBucketBoundaries),
    };
    // Two views may come to one stream, which is recorded once.
    const streams = new Set<Stream>();
    for (const description of streamsOf(instrument, this.#scope, this.#views)) {
      const stream = this.#streams.open(description, this.#scope);
      if (stream !== undefined) streams.add(stream);
    }
    return [...streams];
  }
}

/** Advice that is none is not taken: instruments are made while libraries load, and must not stop them. */
function boundsOf(advice: unknown): readonly number[] | undefined {
  return Array.isArray(advice) ? (advice as readonly number[]) : undefined;
}
