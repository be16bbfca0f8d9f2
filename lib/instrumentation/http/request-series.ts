// The series of requests that have ended: one bound child per method, route and status, found in two look-ups. Apart from
// the metrics because this is also where the number of routes is kept in bounds.
import { OTHER, UNMATCHED } from './labels.js';

/** What is needed of a histogram, or of one bound to its labels. */
export interface Observes {
  observe(value: number): void;
}

export interface RequestLabels {
  readonly method: string;
  readonly route: string;
  readonly status_code: number;
}

/** The three things that are known of a request when it has ended. */
export interface RequestSeries {
  readonly duration: Observes;
  readonly requestSize: Observes;
  readonly responseSize: Observes;
}

/** Longer patterns are not written by people. */
const LONGEST_ROUTE = 500;

export class RequestSeriesTable {
  readonly #create: (labels: RequestLabels) => RequestSeries;
  readonly #maxRoutes: number;
  readonly #routes = new Map<string, Map<string, RequestSeries[]>>([
    [UNMATCHED, new Map()],
    [OTHER, new Map()],
  ]);

  constructor(maxRoutes: number, create: (labels: RequestLabels) => RequestSeries) {
    // Not counting the two that stand for all the rest.
    this.#maxRoutes = maxRoutes + this.#routes.size;
    this.#create = create;
  }

  /** @param method - As `methodLabel` gives it. */
  of(method: string, route: unknown, status: number): RequestSeries {
    const known = typeof route === 'string' ? this.#routes.get(route) : undefined;
    if (known !== undefined) return this.#in(known, { method, route: route as string, status_code: status });
    const label = this.#bounded(route);
    let methods = this.#routes.get(label);
    if (methods === undefined) {
      methods = new Map();
      this.#routes.set(label, methods);
    }
    return this.#in(methods, { method, route: label, status_code: status });
  }

  #in(methods: Map<string, RequestSeries[]>, labels: RequestLabels): RequestSeries {
    let statuses = methods.get(labels.method);
    if (statuses === undefined) {
      statuses = [];
      methods.set(labels.method, statuses);
    }
    let series = statuses[labels.status_code];
    if (series === undefined) {
      series = this.#create(labels);
      statuses[labels.status_code] = series;
    }
    return series;
  }

  #bounded(route: unknown): string {
    if (typeof route !== 'string' || route === '') return UNMATCHED;
    return this.#routes.size < this.#maxRoutes && route.length <= LONGEST_ROUTE ? route : OTHER;
  }
}
