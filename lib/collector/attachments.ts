// Other sources of families beside a collector's own: each is read in its time limit and fails alone, and of two families
// that claim one name only the first is shown.
import type { Clock } from '../clock.js';
import {
  type DefinitionError,
  describe,
  MetricDefinitionError,
  type MetricsError,
  type SourceError,
} from '../errors.js';
import type { Counter } from '../instruments/counter.js';
import { loadedRegistries } from '../interop/sources/loaded-registries.js';
import { type Attachable, type NamedSource, sourceOf } from '../interop/sources/source-of.js';
import { claimedNames } from '../model/claimed-names.js';
import type { FamilyDescriptor, MetricFamily } from '../model/family.js';
import type { FamilySource } from '../model/family-source.js';
import { OWN_PREFIX } from './options.js';
import { TimedCall } from './timed-call.js';

/** Something that was attached. */
export interface Attachment {
  /** Takes it away again: readings that begin afterwards go without it. */
  remove(): void;
}

export interface AttachmentsOptions {
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  /** Answers whether it was told. */
  readonly tell: (error: MetricsError) => boolean;
}

/** The collector whose attachments they are, as far as they need it. */
export interface AttachingCollector extends FamilySource {
  counter(
    name: string,
    options: { readonly description: string; readonly labelNames: readonly ['source'] },
  ): Counter<'source'>;
}

interface Attached {
  readonly name: string;
  readonly given: unknown;
  readonly source: FamilySource;
  readonly call: TimedCall<readonly MetricFamily[]>;
  /** Names of families whose conflict was told already. */
  readonly told: Set<string>;
}

/** Who shows a family, in words, and what it is. */
interface Claim {
  readonly owner: string;
  readonly descriptor: FamilyDescriptor;
}

/** Of what is attached, in characters. */
export const LONGEST_NAME = 200;

/** Those of each collector: whoever is attached may have others attached in turn. */
const ofCollectors = new WeakMap<FamilySource, Attachments>();

export class Attachments {
  readonly #collector: AttachingCollector;
  readonly #options: AttachmentsOptions;
  readonly #attached = new Set<Attached>();
  #hasLooked = false;

  constructor(collector: AttachingCollector, options: AttachmentsOptions) {
    this.#collector = collector;
    this.#options = options;
    ofCollectors.set(collector, this);
  }

  get isEmpty(): boolean {
    return this.#attached.size === 0;
  }

  /** @throws MetricDefinitionError `invalid_option` */
  attach(given: Attachable, name: string | undefined): Attachment {
    if (name !== undefined && (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME)) {
      refuse('name', typeof name, `Give a text of 1 to ${LONGEST_NAME} characters.`);
    }
    const { timeoutSeconds, clock } = this.#options;
    const reading: { name: string } = { name: 'source' };
    const faulty = (cause: unknown) => this.#failed({ kind: 'source_failed', source: reading.name, cause });
    const { name: known, source } = this.#ownKind(given) ?? sourceOf(given, { timeoutSeconds, clock, faulty });
    // There from now on, so that its rate shows the first failure.
    this.#errors();
    reading.name = this.#freeName(name ?? known);
    const call = new TimedCall(() => source.collect(), timeoutSeconds);
    const attached: Attached = { name: reading.name, given, source, call, told: new Set() };
    this.#attached.add(attached);
    return { remove: () => void this.#attached.delete(attached) };
  }

  /**
   * Tells at the first reading of global registries that hold metrics and are not attached. Where there are two of them, at least
   * one is nobody's intention, and the process is warned as well.
   */
  lookForUnread(): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const loaded = loadedRegistries();
    const given = new Set([...this.#attached].map((attached) => attached.given));
    const registries = loaded.filter(({ registry }) => !given.has(registry)).map(({ where }) => where);
    if (registries.length === 0) return;
    const error: MetricsError = { kind: 'registries_unread', registries };
    this.#options.tell(error);
    if (loaded.length > 1) warn(describe(error));
  }

  /** The own families, and after them those of the sources whose names are still free. */
  async join(collecting: Promise<readonly MetricFamily[]>): Promise<readonly MetricFamily[]> {
    const reading = [...this.#attached].map(async (attached) => ({
      attached,
      families: await this.#families(attached),
    }));
    const [own, read] = await Promise.all([collecting, Promise.all(reading)]);
    const claims = new Map<string, Claim>();
    for (const { descriptor } of own) claim(claims, { owner: 'this collector', descriptor });
    return [...own, ...read.flatMap(({ attached, families }) => this.#unclaimed(claims, attached, families))];
  }

  async #families({ name, call }: Attached): Promise<readonly MetricFamily[]> {
    const { timeoutSeconds } = this.#options;
    const outcome = await call.run();
    if (outcome.kind === 'returned') return outcome.value;
    if (outcome.kind === 'failed') this.#failed({ kind: 'source_failed', source: name, cause: outcome.cause });
    else this.#failed({ kind: 'source_timed_out', source: name, timeoutSeconds });
    return [];
  }

  #unclaimed(claims: Map<string, Claim>, attached: Attached, families: readonly MetricFamily[]): MetricFamily[] {
    const { name } = attached;
    const shown: MetricFamily[] = [];
    let last: FamilyDescriptor | undefined;
    for (const family of families) {
      const { descriptor } = family;
      // Series that differ in their bounds are several families of one name, one after the other.
      const goesOn = last?.name === descriptor.name && last.type === descriptor.type;
      const owner = goesOn ? undefined : claim(claims, { owner: name, descriptor });
      if (owner !== undefined) {
        this.#tellConflict(attached, owner, descriptor);
        continue;
      }
      last = descriptor;
      shown.push(family);
    }
    return shown;
  }

  /** Once, as long as it goes on: every reading finds it again. */
  #tellConflict({ name, told }: Attached, existing: Claim, requested: FamilyDescriptor): void {
    // What every collector says of itself is not news.
    if (told.has(requested.name) || requested.name.startsWith(OWN_PREFIX)) return;
    if (this.#options.tell(conflict(existing, { owner: name, descriptor: requested }))) told.add(requested.name);
  }

  /** A collector of this copy of the package, which is read in place. */
  #ownKind(given: Attachable): NamedSource | undefined {
    const attachments = typeof given === 'object' ? ofCollectors.get(given as FamilySource) : undefined;
    if (attachments?.reads(this) === true) {
      refuse(
        'source',
        'a collector that reads this one',
        'Each would wait for the other one. Attach one of them only.',
      );
    }
    return attachments === undefined ? undefined : { name: 'collector', source: given as FamilySource };
  }

  /** Whether its collector is read through this one. */
  reads(other: Attachments): boolean {
    if (other === this) return true;
    return [...this.#attached].some(({ source }) => ofCollectors.get(source)?.reads(other) === true);
  }

  #errors(): Counter<'source'> {
    return this.#collector.counter('telltale_source_errors_total', {
      description: 'Readings that went without an attached source, or without a part of it.',
      labelNames: ['source'],
    });
  }

  #failed(error: SourceError): void {
    this.#errors().increment(1, { source: error.source });
    this.#options.tell(error);
  }

  #freeName(given: string): string {
    const taken = new Set([...this.#attached].map(({ name }) => name));
    let name = given;
    for (let number = 2; taken.has(name); number++) name = `${given} ${number}`;
    return name;
  }
}

let hasWarned = false;

/** Once per process. */
function warn(text: string): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(text, { type: 'TelltaleWarning', code: 'TELLTALE_REGISTRIES_UNREAD' });
}

function refuse(option: string, value: string, rule: string): never {
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value, rule });
}

const known = new WeakMap<FamilyDescriptor, readonly string[]>();

function namesOf(descriptor: FamilyDescriptor): readonly string[] {
  let names = known.get(descriptor);
  if (names === undefined) {
    names = claimedNames(descriptor.name, descriptor.type);
    known.set(descriptor, names);
  }
  return names;
}

/** Answers who has one of the names already; else they are taken. */
function claim(claims: Map<string, Claim>, claimed: Claim): Claim | undefined {
  const names = namesOf(claimed.descriptor);
  for (const name of names) {
    const owner = claims.get(name);
    if (owner !== undefined) return owner;
  }
  for (const name of names) claims.set(name, claimed);
  return undefined;
}

function conflict(existing: Claim, requested: Claim): DefinitionError {
  const inWords = ({ owner, descriptor }: Claim) => `the ${descriptor.type} ${descriptor.name} of ${owner}`;
  return {
    kind: 'family_conflict',
    metric: requested.descriptor.name,
    existing: inWords(existing),
    requested: inWords(requested),
    resolution: 'Only the first one is shown. Rename one of them, or detach the source that need not be shown.',
  };
}
