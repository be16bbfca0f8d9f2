// All rows, in the order of the table.
import type { Row } from '../harness/row.js';
import { allocationRows } from './allocation.js';
import { clusterRows } from './cluster.js';
import { dashboardRows } from './dashboard.js';
import { decoratorRows } from './decorators.js';
import { eventLoopRows } from './event-loop.js';
import { exemplarRows } from './exemplars.js';
import { expositionRows } from './exposition.js';
import { fileStorageRows } from './file-storage.js';
import { gatheredGapRows } from './gathered-gaps.js';
import { gaugeRows } from './gauges.js';
import { histogramRows } from './histograms.js';
import { httpRows } from './http.js';
import { httpInstrumentationRows } from './http-instrumentation.js';
import { instrumentationRows } from './instrumentation.js';
import { labelledCounterRows } from './labelled-counters.js';
import { manyCounterRows } from './many-counters.js';
import { memoryRows } from './memory.js';
import { nativeHistogramRows } from './native-histograms.js';
import { openTelemetryRows } from './opentelemetry.js';
import { promClientRows } from './prom-client.js';
import { queryRows } from './queries.js';
import { readingRows } from './reading.js';
import { remoteWriteRows } from './remote-write.js';
import { summaryRows } from './summaries.js';
import { timerRows } from './timers.js';
import { unlabelledCounterRows } from './unlabelled-counters.js';
import { watchRows } from './watch.js';

export const rows: readonly Row[] = [
  ...unlabelledCounterRows,
  ...labelledCounterRows,
  ...gaugeRows,
  ...histogramRows,
  ...nativeHistogramRows,
  ...exemplarRows,
  ...summaryRows,
  ...timerRows,
  ...manyCounterRows,
  ...openTelemetryRows,
  ...expositionRows,
  ...readingRows,
  ...promClientRows,
  ...httpRows,
  ...httpInstrumentationRows,
  ...instrumentationRows,
  ...eventLoopRows,
  ...gatheredGapRows,
  ...fileStorageRows,
  ...remoteWriteRows,
  ...queryRows,
  ...clusterRows,
  ...decoratorRows,
  ...memoryRows,
  ...allocationRows,
  ...watchRows,
  ...dashboardRows,
];
