// What storing tells about itself, read from the figures that storages keep: shown from the first write on.
import type { Counter } from '../instruments/counter.js';
import type { Gauge } from '../instruments/gauge.js';
import type { CircuitState, StorageStatistics } from '../model/storage.js';

type Read = () => readonly StorageStatistics[];
type Values<Name extends string> = Iterable<{
  readonly value: number;
  readonly labels: Readonly<Record<Name, string>>;
}>;

/** The part of a collector that is needed here. */
interface Definer {
  counter<Name extends string>(
    name: string,
    options: { description: string; labelNames: readonly Name[]; collect: () => Values<Name> },
  ): Counter<Name>;
  gauge<Name extends string>(
    name: string,
    options: { description: string; labelNames: readonly Name[]; collect: () => Values<Name> },
  ): Gauge<Name>;
}

const CIRCUIT_STATES: readonly CircuitState[] = ['closed', 'open', 'half_open'];

/** Defines the metrics of a storage, or of all that it writes to. */
export function defineStorageMetrics(metrics: Definer, statistics: Read): void {
  const read = () => distinct(statistics()).filter(({ writes = 0 }) => writes > 0);
  /** One value per storage, where it is told. */
  const each = (figure: (one: StorageStatistics) => number | undefined) => () =>
    read().flatMap((one) => {
      const value = figure(one);
      return value === undefined ? [] : [{ value, labels: { storage: one.storage } }];
    });
  const labelNames = ['storage'] as const;

  metrics.counter('telltale_storage_writes_total', {
    description: 'Attempts to write to a storage or to push to its target, failed ones too.',
    labelNames,
    collect: each(({ writes }) => writes),
  });
  metrics.counter('telltale_storage_write_failures_total', {
    description: 'Attempts to write that failed, by kind of error.',
    labelNames: ['storage', 'kind'],
    collect: () =>
      read().flatMap(({ storage, failures = {} }) =>
        Object.entries(failures).map(([kind, value]) => ({ value, labels: { storage, kind } })),
      ),
  });
  metrics.counter('telltale_storage_write_seconds_total', {
    description: 'Time that attempts to write took.',
    labelNames,
    collect: each(({ writeSeconds }) => writeSeconds),
  });
  metrics.counter('telltale_storage_written_bytes_total', {
    description: 'Bytes that reached the disk or the network.',
    labelNames,
    collect: each(({ bytes }) => bytes),
  });
  metrics.counter('telltale_storage_dropped_samples_total', {
    description: 'Samples that a storage gave up, because its queue was full or its target refused them.',
    labelNames,
    collect: each(({ dropped }) => dropped),
  });
  metrics.gauge('telltale_storage_queued_snapshots', {
    description: 'Snapshots that wait to be sent.',
    labelNames,
    collect: each(({ queued }) => queued),
  });
  metrics.gauge('telltale_storage_circuit_state', {
    description: '1 for the state that the circuit breaker of a storage is in, 0 for the others.',
    labelNames: ['storage', 'state'],
    collect: () =>
      read().flatMap(({ storage, circuit }) =>
        circuit === undefined
          ? []
          : CIRCUIT_STATES.map((state) => ({ value: state === circuit ? 1 : 0, labels: { storage, state } })),
      ),
  });
}

/** Two storages of one name would share their series: the second one is numbered. */
function distinct(all: readonly StorageStatistics[]): readonly StorageStatistics[] {
  const seen = new Map<string, number>();
  return all.map((one) => {
    const count = (seen.get(one.storage) ?? 0) + 1;
    seen.set(one.storage, count);
    return count === 1 ? one : { ...one, storage: `${one.storage}-${count}` };
  });
}
