// Measures what 100k series of one library take: `memory.js <library> <kind>`, with --expose-gc. What is counted is a
// process that lives: recorded, scraped, and recorded again. Label values exist before, as they do in a program.
import { filledCollector, filledOpenTelemetry, filledRegistry, type Kind } from '../filled-family.js';
import { answer } from '../harness/child.js';
import { bytesInUse } from '../harness/heap.js';
import type { Library } from '../harness/row.js';
import { type Requests, requestsOf } from '../workload.js';

const SERIES = 100_000;

type Family = { recordAll(): unknown; readText(): Promise<unknown> };

const families: Partial<Record<Library, (kind: Kind, requests: Requests) => Family>> = {
  telltale: (kind, requests) => {
    const family = filledCollector(kind, requests);
    const readText = async () => {
      for await (const _ of family.library.exposeStream());
    };
    return Object.assign(family, { readText });
  },
  'prom-client': (kind, requests) => {
    const family = filledRegistry(kind, requests);
    return Object.assign(family, { readText: () => family.library.metrics() });
  },
  OpenTelemetry: (kind, requests) => {
    const family = filledOpenTelemetry(kind, requests);
    return Object.assign(family, { readText: () => family.library.text() });
  },
};

const [library, kind] = process.argv.slice(2) as [Library, Kind];
const make = families[library]!;
const requests = requestsOf(SERIES);
// What a library sets up once, and its compiled code, are no part of a series.
const small = make(kind, requestsOf(20));
small.recordAll();
await small.readText();
const before = await bytesInUse();
const family = make(kind, requests);
family.recordAll();
await family.readText();
family.recordAll();
const after = await bytesInUse();
answer((after - before) / SERIES);
// Both have to be alive until here.
if (family === small) throw new Error('unreachable');
