// Who may import whom, as data: the same table as in docs/architecture.md, one row per folder. A unit like `lib/errors`
// stands for the file `lib/errors.ts` or for the folder `lib/errors/`. Rows are apart from the checker so that a change
// of the architecture is a change of this file alone.

export interface ImportRow {
  /** The folder or file that imports; the longest row that matches a file counts. */
  readonly unit: string;
  /** Units of the project that it may import, besides itself; `'anything'` for the public surfaces. */
  readonly mayImport: readonly string[] | 'anything';
  /** Packages that it may import besides `neverthrow`. `node:*` stands for everything that Node brings. */
  readonly packages?: readonly string[];
}

const recorders = ['lib/collector', 'lib/global', 'lib/model', 'lib/errors', 'lib/clock'];
const backends = ['lib/model', 'lib/exposition', 'lib/errors', 'lib/clock'];
const senders = [...backends, 'storage/delivery'];

// Long walks pause between blocks with `setImmediate`; that is all of Node that the pure parts may have.
const pauses = 'node:timers/promises';

/** Where users come in; the commands and nothing else of the library may import these. */
export const entryPoints: readonly string[] = [
  'lib/index',
  'decorators/index',
  'storage/index',
  'storage/contract/index',
  'lib/http/index',
  'lib/instrumentation/index',
  'lib/exposition/index',
  'lib/query/index',
  'lib/alerts/index',
  'lib/dashboard/index',
  'lib/interop/prom-client/index',
  'lib/cluster/index',
  'lib/interop/opentelemetry/index',
  'lib/testing/index',
];

export const importTable: readonly ImportRow[] = [
  { unit: 'lib/errors', mayImport: [] },
  { unit: 'lib/clock', mayImport: [], packages: ['node:*'] },
  { unit: 'lib/model', mayImport: ['lib/errors'], packages: ['re2js', pauses] },
  { unit: 'lib/instruments', mayImport: ['lib/model', 'lib/errors', 'lib/clock'] },
  { unit: 'lib/exposition', mayImport: ['lib/model', 'lib/errors'], packages: ['node:*'] },
  {
    unit: 'lib/collector',
    mayImport: [
      'lib/instruments',
      'lib/model',
      'lib/exposition',
      'lib/errors',
      'lib/clock',
      'lib/interop/sources',
      'storage/memory',
      'storage/delivery',
    ],
    packages: ['node:*'],
  },
  { unit: 'lib/index', mayImport: 'anything' },
  { unit: 'lib/global', mayImport: ['lib/collector', 'lib/errors'] },
  {
    unit: 'lib/http',
    mayImport: ['lib/collector', 'lib/exposition', 'lib/model', 'lib/errors', 'lib/clock'],
    packages: ['node:*'],
  },
  {
    unit: 'lib/query',
    mayImport: ['lib/model', 'lib/errors', 'lib/clock'],
    packages: ['@prometheus-io/lezer-promql', '@lezer/lr'],
  },
  { unit: 'lib/query/index', mayImport: 'anything' },
  {
    unit: 'lib/query/http-api',
    mayImport: ['lib/query', 'lib/http', 'lib/model', 'lib/errors', 'lib/clock'],
    packages: ['node:*'],
  },
  {
    // Notifiers bring alerts to targets that may fail, as storages bring snapshots: connections and waits are the same.
    unit: 'lib/alerts',
    mayImport: ['lib/query', 'lib/http', 'lib/model', 'lib/errors', 'lib/clock', 'storage/delivery', 'storage/memory'],
    packages: ['node:*', 'yaml', 're2js'],
  },
  { unit: 'lib/alerts/index', mayImport: 'anything' },
  {
    unit: 'lib/dashboard',
    mayImport: ['lib/dashboard/panels', 'lib/query', 'lib/http', 'lib/model', 'lib/errors', 'lib/clock'],
    packages: ['node:*'],
  },
  { unit: 'lib/dashboard/panels', mayImport: [] },
  {
    unit: 'lib/dashboard/page',
    mayImport: ['lib/dashboard/panels', 'lib/query/language/function-signatures'],
    packages: ['uplot'],
  },
  { unit: 'decorators/index', mayImport: 'anything' },
  { unit: 'decorators', mayImport: recorders, packages: ['node:util/types'] },
  { unit: 'lib/instrumentation', mayImport: recorders, packages: ['node:*'] },
  { unit: 'lib/interop/prom-client/index', mayImport: 'anything' },
  {
    unit: 'lib/interop/prom-client',
    mayImport: ['lib/instruments', 'lib/exposition', 'lib/model', 'lib/errors', 'lib/clock'],
    packages: ['node:*'],
  },
  {
    unit: 'lib/interop/prom-client/collector-registry',
    mayImport: [...recorders, 'lib/exposition', 'lib/interop/prom-client'],
  },
  {
    unit: 'lib/interop/sources',
    mayImport: [
      'lib/model',
      'lib/exposition',
      'lib/errors',
      'lib/clock',
      'storage/delivery',
      'lib/interop/opentelemetry/attributes',
      'lib/interop/opentelemetry/names',
      'lib/interop/opentelemetry/sdk-values',
    ],
    packages: ['node:*'],
  },
  { unit: 'lib/interop/opentelemetry/index', mayImport: 'anything' },
  {
    unit: 'lib/interop/opentelemetry/environment',
    mayImport: ['lib/interop/opentelemetry', 'lib/http', ...recorders],
    packages: ['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  },
  {
    unit: 'lib/interop/opentelemetry',
    mayImport: [...recorders, 'lib/instruments'],
    packages: ['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  },
  { unit: 'lib/cluster', mayImport: [...recorders, 'lib/instruments'], packages: ['node:*'] },
  { unit: 'lib/jobs', mayImport: recorders, packages: ['node:*'] },
  { unit: 'lib/testing', mayImport: recorders },
  {
    unit: 'lib/watch',
    mayImport: [
      ...recorders,
      'lib/exposition',
      'lib/http',
      'lib/query',
      'lib/alerts',
      'lib/dashboard',
      'lib/instrumentation',
      'storage/memory',
      'storage/file',
      'storage/remote-write',
    ],
    packages: ['node:*'],
  },
  { unit: 'lib/cli', mayImport: [...entryPoints, 'lib/watch'], packages: ['node:*'] },
  { unit: 'storage/index', mayImport: 'anything' },
  { unit: 'storage/memory', mayImport: backends },
  { unit: 'storage/disk', mayImport: [], packages: ['node:*'] },
  { unit: 'storage/file', mayImport: [...backends, 'storage/disk'], packages: ['node:*'] },
  { unit: 'storage/delivery', mayImport: ['lib/model', 'lib/errors', 'lib/clock'], packages: ['node:*'] },
  { unit: 'storage/textfile', mayImport: [...backends, 'storage/disk'], packages: ['node:*'] },
  { unit: 'storage/pushgateway', mayImport: senders, packages: ['node:*'] },
  { unit: 'storage/remote-write', mayImport: senders, packages: ['node:*', 'snappyjs'] },
  { unit: 'storage/fan-out', mayImport: senders },
  { unit: 'storage/contract', mayImport: backends, packages: ['node:*'] },
  { unit: 'storage/contract/index', mayImport: 'anything' },
];
