// Synchronous instruments. What most programs have, an instrument with one stream and no filter, is a class per kind that hands
// the attributes on as they are: that is the hot path. Everything else goes through a list of steps.
import { type Attributes, type Context, context as contexts } from '@opentelemetry/api';
import type { Counter } from '../../instruments/counter.js';
import type { Gauge } from '../../instruments/gauge.js';
import type { Histogram } from '../../instruments/histogram.js';
import type { Instrument } from '../../instruments/instrument.js';
import type { Stream } from './streams.js';
import type { StreamDescription } from './views.js';

type Labels = Readonly<Record<string, string>>;

/** What instruments refuse as no number; unlike undefined, it is not what they take unless told otherwise. */
const NO_NUMBER = null as unknown as number;

/** Takes what any kind of synchronous instrument is given: the API has two names for it. */
export abstract class Recorder {
  // Hot fields are hidden by the compiler only: the engine's own #private costs a look-up of its key.
  protected readonly isInteger: boolean;

  constructor(isInteger: boolean) {
    this.isInteger = isInteger;
  }

  abstract add(amount: number, attributes?: Attributes, context?: Context): void;

  abstract record(value: number, attributes?: Attributes, context?: Context): void;

  /** The amount without fraction where the instrument is one of whole numbers. */
  protected whole(amount: number): number {
    return this.isInteger ? Math.trunc(amount) : amount;
  }
}

class CountingRecorder extends Recorder {
  private readonly counter: Counter;

  constructor(counter: Counter, isInteger: boolean) {
    super(isInteger);
    this.counter = counter;
  }

  override add(amount: number, attributes?: Attributes, context?: Context): void {
    const { counter } = this;
    if (typeof amount !== 'number') return counter.increment(NO_NUMBER);
    // A negative amount stays one, to be refused.
    const added = amount > 0 ? this.whole(amount) : amount;
    if (context !== undefined && counter.family.exemplars.looks > 0) {
      return contexts.with(context, () => counter.increment(added, attributes as Labels));
    }
    counter.increment(added, attributes as Labels);
  }

  override record(amount: number, attributes?: Attributes, context?: Context): void {
    this.add(amount, attributes, context);
  }
}

class MovingRecorder extends Recorder {
  private readonly gauge: Gauge;

  constructor(gauge: Gauge, isInteger: boolean) {
    super(isInteger);
    this.gauge = gauge;
  }

  override add(amount: number, attributes?: Attributes): void {
    if (typeof amount !== 'number') return this.gauge.increment(NO_NUMBER);
    this.gauge.increment(this.whole(amount), attributes as Labels);
  }

  override record(amount: number, attributes?: Attributes): void {
    this.add(amount, attributes);
  }
}

class SettingRecorder extends Recorder {
  private readonly gauge: Gauge;

  constructor(gauge: Gauge, isInteger: boolean) {
    super(isInteger);
    this.gauge = gauge;
  }

  override add(value: number, attributes?: Attributes): void {
    this.record(value, attributes);
  }

  override record(value: number, attributes?: Attributes): void {
    if (this.isInteger && !Number.isFinite(value)) return refuse(this.gauge, value);
    this.gauge.set(typeof value === 'number' ? this.whole(value) : value, attributes as Labels);
  }
}

class ObservingRecorder extends Recorder {
  private readonly histogram: Histogram;
  private readonly takesNegative: boolean;

  constructor(histogram: Histogram, isInteger: boolean, takesNegative: boolean) {
    super(isInteger);
    this.histogram = histogram;
    this.takesNegative = takesNegative;
  }

  override add(value: number, attributes?: Attributes, context?: Context): void {
    this.record(value, attributes, context);
  }

  override record(value: number, attributes?: Attributes, context?: Context): void {
    const { histogram } = this;
    if (typeof value !== 'number') return histogram.observe(value);
    if (value < 0 && !this.takesNegative) return refuse(histogram, value);
    const observed = this.whole(value);
    if (context !== undefined && histogram.family.exemplars.looks > 0) {
      return contexts.with(context, () => histogram.observe(observed, attributes as Labels));
    }
    histogram.observe(observed, attributes as Labels);
  }
}

interface Step {
  readonly recorder: Recorder;
  readonly processors: StreamDescription['processors'];
}

/** An instrument of several streams, or of none, or one whose attributes are filtered. */
class SteppingRecorder extends Recorder {
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    super(false);
    this.#steps = steps;
  }

  override add(amount: number, attributes?: Attributes, context?: Context): void {
    for (const { recorder, processors } of this.#steps) {
      recorder.add(amount, processed(attributes, processors, context), context);
    }
  }

  override record(value: number, attributes?: Attributes, context?: Context): void {
    this.add(value, attributes, context);
  }
}

/** What is left of attributes; what no instrument takes where a filter throws, so that the recording is counted as dropped. */
export function processed(
  attributes: Attributes | undefined,
  processors: StreamDescription['processors'],
  context?: Context,
): Attributes | undefined {
  if (processors.length === 0) return attributes;
  try {
    return processors.reduce((left, processor) => processor.process(left, context), attributes ?? {});
  } catch {
    return FAILED as unknown as Attributes;
  }
}

const FAILED = 'a filter of attributes that threw';

function recorderOf({ sink, description: { isInteger, kind } }: Stream): Recorder {
  switch (sink.type) {
    case 'counter':
      return new CountingRecorder(sink.instrument, isInteger);
    case 'gauge':
      return sink.isSum
        ? new MovingRecorder(sink.instrument, isInteger)
        : new SettingRecorder(sink.instrument, isInteger);
    case 'histogram':
      return new ObservingRecorder(sink.instrument, isInteger, kind !== 'HISTOGRAM' && kind !== 'COUNTER');
  }
}

/** The instrument that users hold. */
export function recorderFor(streams: readonly Stream[]): Recorder {
  const steps = streams.map((stream) => ({
    recorder: recorderOf(stream),
    processors: stream.description.processors,
  }));
  const [first] = steps;
  return steps.length === 1 && first?.processors.length === 0 ? first.recorder : new SteppingRecorder(steps);
}

/** Drops a value that telltale's instrument would take and the API's does not. */
function refuse({ family, name: metric }: Instrument, given: unknown): void {
  const reason = !Number.isFinite(given)
    ? Number.isNaN(given) || typeof given !== 'number'
      ? 'not_a_number'
      : 'infinite'
    : 'negative';
  const value = typeof given === 'number' ? String(given) : `a value of type ${typeof given}`;
  family.context.drop(reason, { kind: 'invalid_value', metric, reason, value });
}
