// What the shop says about itself over HTTP, as its own collector has it: the side that a Prometheus is compared with.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface LiveFigures {
  readonly requests: number;
  readonly routes: readonly {
    readonly method: string;
    readonly route: string;
    readonly statusCode: string;
    readonly requests: number;
    readonly p50: number;
    readonly p95: number;
  }[];
}

export class ShopReader {
  readonly #url: string;

  /** @param url - Of the metrics server, without a path. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Every sample of the shop itself, by name and labels. What never stands still (process, scrapes) is left out. */
  async samples(): Promise<ReadonlyMap<string, number>> {
    const samples = JSON.parse(await this.#get('/metrics.json')) as readonly Sample[];
    const still = samples.filter(({ name }) => !/^(process_|nodejs_|telltale_)/.test(name));
    return new Map(still.map((sample) => [seriesKey(sample.name, sample.labels), sample.value]));
  }

  async live(): Promise<LiveFigures> {
    return JSON.parse(await this.#get('/live.json')) as LiveFigures;
  }

  exposition(accept: string): Promise<string> {
    return this.#get('/metrics', accept);
  }

  async #get(path: string, accept = '*/*'): Promise<string> {
    const response = await fetch(this.#url + path, { headers: { accept } });
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return response.text();
  }
}

/** A series as one string, whatever the order of its labels; bounds are compared as numbers (`1` is `1.0`). */
export function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  const { __name__, job, instance, ...own } = labels;
  const pairs = Object.entries(own).map(([label, value]) => {
    const isNumber = (label === 'le' || label === 'quantile') && value !== '+Inf';
    return `${label}=${JSON.stringify(isNumber ? String(Number(value)) : value)}`;
  });
  return `${name}{${pairs.sort().join(',')}}`;
}
