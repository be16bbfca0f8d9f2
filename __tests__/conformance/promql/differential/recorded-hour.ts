// An hour of a made-up service, one snapshot every 15 s: counters that restart, a series that comes late, one that goes away, gauges
// that fall below zero, a histogram. The times are off every round grid, so that windows that are left-open and windows that
// are left-closed (Prometheus 2) hold the same samples.
import { MetricsCollector } from '../../../../lib/index.js';
import type { Snapshot } from '../../../../lib/model/family.js';
import type { ManualClock } from '../../../../lib/testing/index.js';
import { Random } from './random.js';

export const STARTED_MS = Date.UTC(2026, 0, 1) + 3_217;
export const INTERVAL_SECONDS = 15;
export const TICKS = 240;

const JOBS = ['shop', 'bank'];
const INSTANCES = ['a', 'b', 'c'];

export async function* recordedHour(clock: ManualClock): AsyncGenerator<Snapshot> {
  const random = new Random(20_260_101);
  const metrics = new MetricsCollector({ clock });
  const service = defineService(metrics);
  for (let tick = 0; tick < TICKS; tick++) {
    recordTick(service, random, tick);
    yield await metrics.snapshot();
    clock.advance(INTERVAL_SECONDS);
  }
}

type Service = ReturnType<typeof defineService>;

function defineService(metrics: MetricsCollector) {
  return {
    requests: metrics.counter('requests_total', { labelNames: ['job', 'instance', 'method', 'status'] }),
    late: metrics.counter('late_total', { labelNames: ['job'] }),
    gone: metrics.counter('gone_total', { labelNames: ['job'] }),
    depth: metrics.gauge('queue_depth', { labelNames: ['job', 'instance'] }),
    temperature: metrics.gauge('temperature_celsius', { labelNames: ['room'] }),
    build: metrics.gauge('build_info', { labelNames: ['job', 'instance', 'version'] }),
    quota: metrics.gauge('quota', { labelNames: ['job'] }),
    duration: metrics.histogram('duration_seconds', {
      labelNames: ['job', 'instance'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5],
    }),
  };
}

function recordTick(service: Service, random: Random, tick: number): void {
  for (const job of JOBS) {
    for (const instance of INSTANCES) recordInstance(service, random, { job, instance, tick });
    service.quota.set(job === 'shop' ? 3 : 7, { job });
    if (tick >= 90) service.late.increment(random.integer(4), { job });
    if (tick < 150) service.gone.increment(1 + random.integer(3), { job });
  }
  if (tick === 150) service.gone.clear();
  for (const room of ['attic', 'cellar'])
    service.temperature.set(Math.round(random.number() * 4e4 - 1e4) / 1e3, { room });
}

function recordInstance(
  { requests, depth, build, duration }: Service,
  random: Random,
  { job, instance, tick }: { job: string; instance: string; tick: number },
): void {
  // A restart of the process: all that it counted begins at zero again.
  const restarts = instance === 'b' && (tick === 60 || tick === 140);
  for (const method of ['GET', 'POST']) {
    for (const status of [200, 404, 500]) {
      const labels = { job, instance, method, status };
      if (restarts) requests.remove(labels);
      requests.increment(random.integer(status === 200 ? 40 : 5), labels);
    }
  }
  depth.set(random.integer(30) - 8, { job, instance });
  build.set(1, { job, instance, version: tick < 100 ? 'v1' : 'v2' });
  if (tick === 100) build.remove({ job, instance, version: 'v1' });
  if (restarts) duration.remove({ job, instance });
  for (let i = random.integer(6); i > 0; i--) duration.observe(random.number() * 3, { job, instance });
}
