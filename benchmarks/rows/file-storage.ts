// What it costs to keep history in files: the CPU and the longest gap of the event loop of a write, what it takes on disk, and
// how long a folder of a gigabyte takes to open. There is no peer to compare with, so the targets are absolute.
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from 'telltale/storage';
import { FileStorage } from 'telltale/storage';
import { type FilledFamily, filledCollector } from '../filled-family.js';
import { median } from '../harness/median.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { requestsOf } from '../workload.js';

const SERIES = 100_000;
const WARM_UP_WRITES = 3;
const GIGABYTE = 1e9;

type Collector = ReturnType<typeof filledCollector> extends FilledFamily<infer L> ? L : never;

/** A storage in a folder of its own, which is gone afterwards. */
async function inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function openIn(directory: string): Promise<FileStorage> {
  const opened = await FileStorage.open({ directory, maxBytes: Infinity });
  if (opened.isErr()) throw new Error(`The folder could not be opened: ${opened.error.kind}`);
  return opened.value;
}

async function write(storage: FileStorage, snapshot: Snapshot): Promise<void> {
  const written = await storage.write(snapshot);
  if (written.isErr() || written.value !== SERIES) throw new Error('The snapshot was not written as a whole.');
}

/** Measures writes of snapshots between which a tenth of the series is recorded again, once they are warm. */
async function ofWrites(
  { rounds }: Effort,
  measure: (storage: FileStorage, snapshot: Snapshot) => Promise<number>,
): Promise<Figures> {
  const family: FilledFamily<Collector> = filledCollector('counter', requestsOf(SERIES)).recordAll();
  const figures: number[] = [];
  await inFolder(async (directory) => {
    const storage = await openIn(directory);
    for (let round = -WARM_UP_WRITES; round < rounds; round++) {
      family.recordSome();
      const figure = await measure(storage, await family.library.snapshot());
      if (round >= 0) figures.push(figure);
    }
    await storage.close();
  });
  return { telltale: median(figures) };
}

/** The first write of a process: every series is new, and nothing is compiled for it. */
async function firstWrite({ rounds }: Effort): Promise<Figures> {
  const family = filledCollector('counter', requestsOf(SERIES)).recordAll();
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const snapshot = await family.library.snapshot();
    await inFolder(async (directory) => {
      const storage = await openIn(directory);
      figures.push(await cpuOf(() => write(storage, snapshot)));
      await storage.close();
    });
  }
  return { telltale: median(figures) };
}

/** In nanoseconds, of all threads of the process. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** The longest time between two turns of the event loop, in nanoseconds. */
async function gapOf(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const probe = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(probe);
  };
  setImmediate(probe);
  await work();
  running = false;
  return longest * 1e6;
}

async function bytesOf(storage: FileStorage, snapshot: Snapshot): Promise<number> {
  const before = storage.statistics()[0]?.bytes ?? 0;
  await write(storage, snapshot);
  return ((storage.statistics()[0]?.bytes ?? 0) - before) / SERIES;
}

/** One segment is filled, and its copies make up the gigabyte. The last one ends in the middle of a record, as after a crash. */
async function openGigabyte({ rounds }: Effort): Promise<Figures> {
  return inFolder(async (directory) => {
    await fillSegment(directory);
    const [first = ''] = readdirSync(directory).filter((name) => name.endsWith('.seg'));
    const source = join(directory, first);
    const copies = Math.ceil(GIGABYTE / statSync(source).size);
    const nameOf = (number: number) => join(directory, `${String(number).padStart(8, '0')}.seg`);
    for (let number = 2; number <= copies; number++) copyFileSync(source, nameOf(number));
    const figures: number[] = [];
    for (let round = 0; round < rounds; round++) {
      copyFileSync(source, nameOf(copies));
      truncateSync(nameOf(copies), statSync(source).size - 100);
      const startedAt = performance.now();
      const storage = await openIn(directory);
      figures.push((performance.now() - startedAt) * 1e6);
      await storage.close();
    }
    return { telltale: median(figures) };
  });
}

/** Durations have no short form, so that few snapshots make a segment. */
async function fillSegment(directory: string): Promise<void> {
  const family = filledCollector('histogram', requestsOf(20_000));
  const storage = await openIn(directory);
  while (readdirSync(directory).filter((name) => name.endsWith('.seg')).length < 2) {
    const written = await storage.write(await family.recordAll().library.snapshot());
    if (written.isErr()) throw new Error('The segment could not be filled.');
  }
  await storage.close();
  rmSync(join(directory, '00000002.seg'));
}

const common = { rehearsed: false } as const;

export const fileStorageRows: readonly Row[] = [
  {
    ...common,
    id: 'file-write',
    title: 'CPU of writing 100k series to a file, a tenth changed',
    unit: 'ns',
    targets: [limit(150e6)],
    measure: (effort) => ofWrites(effort, (storage, snapshot) => cpuOf(() => write(storage, snapshot))),
  },
  {
    ...common,
    id: 'file-write-first',
    title: 'CPU of writing 100k series to a file, all new',
    unit: 'ns',
    targets: [limit(150e6)],
    measure: firstWrite,
  },
  {
    ...common,
    id: 'file-gap',
    title: 'longest event-loop gap of writing 100k series to a file',
    unit: 'ns',
    targets: [limit(10e6)],
    measure: (effort) => ofWrites(effort, (storage, snapshot) => gapOf(() => write(storage, snapshot))),
  },
  {
    ...common,
    id: 'file-bytes',
    title: 'disk per sample in a file, a tenth changed',
    unit: 'bytes',
    targets: [limit(12)],
    measure: (effort) => ofWrites(effort, bytesOf),
  },
  {
    ...common,
    id: 'file-open',
    title: 'opening a folder of 1 GB after a crash',
    unit: 'ns',
    targets: [limit(1e9)],
    measure: openGigabyte,
  },
];
