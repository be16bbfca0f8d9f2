// The metrics of the service, defined once for the primary and its workers.
import { getMetricsCollector } from 'telltale';

const metrics = getMetricsCollector();

export const requests = metrics.counter('service_requests_total', {
  description: 'Requests that were answered',
  labelNames: ['route'],
});

export const duration = metrics.histogram('service_request_duration_seconds', {
  description: 'Time to answer a request',
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1],
});

export const inFlight = metrics.gauge('service_requests_in_flight', {
  description: 'Requests that are being answered',
});

/** Kept by the primary, which is the one that knows. */
export const endings = metrics.counter('service_worker_endings_total', {
  description: 'Workers that ended, by what ended them',
  labelNames: ['signal'],
});
