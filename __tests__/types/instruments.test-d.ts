// What the compiler says about labels: exact where names were declared, free where none were, and fixed ones not again.
import { type Counter, MetricsCollector, type StateSet } from 'telltale';

const metrics = new MetricsCollector();

const requests = metrics.counter('http_requests_total', { labelNames: ['method', 'route', 'status'] });
requests.increment(1, { method: 'GET', route: '/', status: 200 });
// @ts-expect-error labels are required
requests.increment();
// @ts-expect-error one label is missing
requests.increment(1, { method: 'GET', route: '/' });
// @ts-expect-error one label is unknown
requests.increment(1, { method: 'GET', route: '/', status: 200, user: 'x' });
// @ts-expect-error a label value is an array
requests.increment(1, { method: ['GET'], route: '/', status: 200 });
// @ts-expect-error labels are required to read as well
requests.getValue();

const gets: Counter<'route' | 'status'> = requests.labels({ method: 'GET' });
gets.increment(1, { route: '/', status: true });
// @ts-expect-error method is fixed already
gets.increment(1, { method: 'GET', route: '/', status: 200 });
// @ts-expect-error there is no such label
requests.labels({ verb: 'GET' });
const bound = gets.labels({ route: '/', status: 200 });
bound.increment();
bound.increment(2);
// @ts-expect-error all labels are fixed already
bound.increment(1, { status: 200 });

const fixed = metrics.counter('http_requests_total', { labelNames: ['method', 'status'], labels: { method: 'GET' } });
fixed.increment(1, { status: 200 });
// @ts-expect-error status is left to be given
fixed.increment(1);
// @ts-expect-error a fixed label has to be declared
metrics.counter('http_requests_total', { labelNames: ['method'], labels: { verb: 'GET' } });

const none = metrics.gauge('temperature_celsius', { labelNames: [] });
none.set(20);
// @ts-expect-error there are no labels
none.set(20, { room: 'a' });

const native = metrics.histogram('native_seconds', {
  native: { growthFactor: 1.1, maxBuckets: 160, minResetSeconds: 3600 },
  buckets: [0.1, 1],
  labelNames: ['route'],
});
native.labels({ route: '/' }).observe(1);
// @ts-expect-error labels are required
native.observe(1);
metrics.histogram('native_seconds', { native: true }).observe(1, { any: 'label' });
// @ts-expect-error there is no such option
metrics.histogram('native_seconds', { native: { schema: 3 } });
// @ts-expect-error a text is no number
metrics.histogram('native_seconds', { native: { maxBuckets: 'many' } });

const open = metrics.histogram('size_bytes');
open.observe(1);
open.observe(1, { any: 'label' });
// @ts-expect-error a value is needed
open.observe();
const openFixed = metrics.counter('jobs_total', { labels: { queue: 'mail' } });
openFixed.increment(1, { status: 'ok' });
openFixed.increment();

const latency = metrics.histogram('latency_seconds', { labelNames: ['route', 'status'] });
const stop = latency.startTimer({ route: '/' });
const seconds: number = stop({ status: 200 });
// @ts-expect-error status is left to be given
stop();
const answer: Promise<number> = latency.time(async () => seconds, { route: '/', status: 200 });
void answer;

const breaker: StateSet<'open' | 'closed'> = metrics.stateSet('breaker', { states: ['open', 'closed'] });
breaker.set('open');
// @ts-expect-error there is no such state
breaker.set('ajar');

metrics.gauge('queue_depth', { collect: () => 1 });
metrics.gauge('pool', { labelNames: ['pool'], collect: async () => [{ value: 1, labels: { pool: 'main' } }] });
// @ts-expect-error a callback answers numbers
metrics.gauge('queue_depth', { collect: () => 'many' });

const anyNames = new MetricsCollector({ names: 'utf8' });
const routes = anyNames.counter('http.requests', { labelNames: ['http.route', 'status code'] });
routes.labels({ 'http.route': '/' }).increment(1, { 'status code': 200 });
// @ts-expect-error the label is named with a point
routes.increment(1, { http_route: '/', 'status code': 200 });
// @ts-expect-error there are two rules
new MetricsCollector({ names: 'any' });

const because = { exemplar: { trace_id: 'abc', attempt: 2 } };
requests.increment(1, { method: 'GET', route: '/', status: 200 }, because);
bound.increment(1, undefined, because);
bound.increment(undefined, {}, because);
open.observe(1, undefined, because);
open.observe(1, { any: 'label' }, because);
latency.startTimer({ route: '/' })({ status: 200 }, because);
latency.labels({ route: '/', status: 200 }).time(() => seconds, undefined, because);
// @ts-expect-error labels come before the exemplar
open.observe(1, because);
// @ts-expect-error labels are required, whatever follows
requests.increment(1, undefined, because);
// @ts-expect-error the values of an exemplar are those of labels
open.observe(1, {}, { exemplar: { trace_id: ['abc'] } });
// @ts-expect-error a gauge has no exemplars
none.set(20, {}, because);
// @ts-expect-error nor has a summary
metrics.summary('answer_seconds').observe(1, {}, because);
