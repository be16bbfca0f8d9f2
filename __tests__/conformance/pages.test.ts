// What a station makes of pages that break the rules of their format, beside a real Prometheus that scrapes the very same ones: it
// has to be up where that is up, and to hold the same samples. One server for all pages, because its first scrape takes 5 s.
import { QueryEngine } from 'telltale/query';
import { MemoryStorage } from 'telltale/storage';
import { systemClock } from '../../lib/clock.js';
import { ScrapeLoop } from '../../lib/watch/scraping/scrape-loop.js';
import { Scraper } from '../../lib/watch/scraping/scraper.js';
import { parseTarget } from '../../lib/watch/scraping/target.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';
import { CLASSIC_TYPE, OPENMETRICS_TYPE, startTarget, type TargetServer } from '../watch/support/target-server.js';

const LATELY_MS = Date.now() - 10_000;
const HISTOGRAM = '# TYPE h histogram\n';
const WHOLE = 'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 3\n';

/** By the name of the job. */
const CLASSIC: Readonly<Record<string, string>> = {
  plain: '# TYPE a counter\na{x="1"} 1\na{x="2"} 2\nb 3\n',
  twice: 'a{x="1"} 1\na{x="1"} 2\nb 3\n',
  twice_in_other_order: 'a{x="1",y="2"} 1\na{y="2",x="1"} 2\n',
  twice_among_others: 'a 1\nb 2\na 3\n',
  type_twice: '# TYPE a gauge\na{x="1"} 1\n# TYPE a gauge\na{x="2"} 2\n',
  types_that_differ: '# TYPE a gauge\n# TYPE a counter\na 1\n',
  type_behind: 'a 1\n# TYPE a gauge\na{x="1"} 2\n',
  type_of_a_histogram_behind: `${WHOLE}${HISTOGRAM}`,
  help_twice: '# HELP a one\n# HELP a two\na 1\n',
  help_with_an_unknown_escape: '# HELP a C:\\dir\na 1\n',
  label_with_an_unknown_escape: 'a{path="C:\\dir\\new"} 1\n',
  no_last_line_feed: 'a 1\nb 2',
  no_last_line_feed_behind_a_blank: 'a 1\nb 2 ',
  no_last_line_feed_of_a_comment: 'a 1\n# b',
  a_line_that_is_cut: 'a 1\nb{x="1',
  blank_lines: '\n\na 1\n\n',
  carriage_returns: 'a 1\r\nb 2\r\n',
  nothing: '',
  bare_sample_of_a_histogram: `${HISTOGRAM}${WHOLE}h 7\n`,
  bare_sample_of_a_histogram_first: `${HISTOGRAM}h{x="1"} 7\n${WHOLE}h{x="2"} 8\n`,
  count_unlike_the_last_bucket: `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 4\n`,
  one_series_of_several_torn: `${HISTOGRAM}h_bucket{x="1",le="1"} 2\nh_bucket{x="1",le="+Inf"} 3\nh_count{x="1"} 4\nh_bucket{x="2",le="1"} 2\nh_bucket{x="2",le="+Inf"} 3\nh_sum{x="2"} 5\nh_count{x="2"} 3\n`,
  buckets_that_fall: `${HISTOGRAM}h_bucket{le="1"} 5\nh_bucket{le="2"} 4\nh_bucket{le="+Inf"} 6\nh_sum 4\nh_count 6\n`,
  neither_last_bucket_nor_count: `${HISTOGRAM}h_bucket{le="1"} 5\nh_sum 4\n`,
  no_count: `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\n`,
  no_last_bucket: `${HISTOGRAM}h_bucket{le="1"} 2\nh_sum 4\nh_count 3\n`,
  count_before_its_type: `h_count 3\n${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\n`,
  summary_without_a_sum: '# TYPE s summary\ns{x="1",quantile="0.5"} 2\ns{x="1",quantile="0.9"} 3\ns_count{x="1"} 4\n',
  summary_of_totals: '# TYPE s summary\ns_sum 2\ns_count 4\n',
  odd_type_behind: 'a 1\n# TYPE a meter\n',
  only_a_sum: `${HISTOGRAM}h_sum 4\n`,
  bucket_without_a_bound: `${HISTOGRAM}h_bucket 5\n${WHOLE}`,
  bucket_of_an_odd_bound: `${HISTOGRAM}h_bucket{le="many"} 5\n${WHOLE}`,
  bucket_twice: `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="1"} 9\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 3\n`,
  bucket_twice_in_other_order: `${HISTOGRAM}h_bucket{le="+Inf"} 3\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 9\nh_sum 4\nh_count 3\n`,
  buckets_many_times: `${HISTOGRAM}${'h_bucket{le="1"} 2\nh_bucket{le="1"} 5\n'.repeat(3)}h_bucket{le="2"} 3\nh_bucket{le="2"} 9\nh_bucket{le="+Inf"} 4\nh_sum 4\nh_count 4\n`,
  sum_with_a_bound: `${HISTOGRAM}${WHOLE}h_sum{le="1"} 9\n`,
  counts_that_are_none: `${HISTOGRAM}h_bucket{le="1"} NaN\nh_bucket{le="+Inf"} -1\nh_sum 4\nh_count -1\n`,
  summary_of_an_odd_quantile: '# TYPE s summary\ns{quantile="half"} 1\ns{quantile="0.5"} 2\ns_sum 3\ns_count 4\n',
  summary_without_a_quantile: '# TYPE s summary\ns 1\ns{quantile="0.5"} 2\ns_sum 3\ns_count 4\n',
  summary_with_a_negative_count: '# TYPE s summary\ns{quantile="0.5"} 2\ns_sum 3\ns_count -4\n',
  families_in_pieces: '# TYPE a counter\na{x="1"} 1\nb 2\na{x="2"} 3\n',
  a_type_that_there_is_not: '# TYPE a meter\na 1\n',
  a_label_twice: 'a{x="1",x="2"} 1\n',
  no_value: 'a\n',
  value_with_a_unit: 'a 1ms\n',
  words: 'Not Found\n',
  markup: '<!doctype html>\n<html></html>\n',
  odd_numbers: 'a 0x1p-2\nb +Inf\nc 1e400\nd -0\ne 1_000\n',
  numbers_as_go_writes_them: 'a 1e+06\nb .5\nc 5.\nd +3\ne Nan\nf infinity\n',
  a_comma_behind_labels: 'a{x="1",} 1\n',
  empty_braces: 'a{} 1\n',
  empty_labels: 'a{x=""} 1\na 2\n',
  times_of_their_own: `a{x="before"} 1 ${LATELY_MS}\na{x="long before"} 2 ${LATELY_MS - 6e6}\na{x="ahead"} 3 ${LATELY_MS + 6e6}\nb 4\n`,
  several_times: `a 1 ${LATELY_MS}\na 2 ${LATELY_MS + 1000}\n`,
  comments_of_all_kinds: '#\n# TYPE\n# HELP\n#no blank\n# EOF\na 1\n',
};

const OPENMETRICS: Readonly<Record<string, string>> = {
  om_plain: '# TYPE a counter\na_total 1\n# EOF\n',
  om_count_unlike_the_last_bucket: `${HISTOGRAM}h_bucket{le="1.0"} 2\nh_bucket{le="+Inf"} 3\nh_count 4\nh_sum 4\n# EOF\n`,
  // Versions of Prometheus from 3 take this one, whether it broke off or not.
  om_nothing: '',
  om_without_an_end: 'a 1\n',
  om_negative_counter: '# TYPE a counter\na_total -1\n# EOF\n',
  om_twice: 'a 1\na 2\n# EOF\n',
  om_families_in_pieces: 'a{x="1"} 1\nb 2\na{x="2"} 3\n# EOF\n',
  om_type_twice: '# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n',
  om_whole_bounds: `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_count 3\nh_sum 4\n# EOF\n`,
  om_series_in_pieces: `${HISTOGRAM}h_bucket{x="1",le="+Inf"} 3\nh_bucket{x="2",le="+Inf"} 3\nh_count{x="1"} 3\nh_sum{x="1"} 3\nh_count{x="2"} 3\nh_sum{x="2"} 3\n# EOF\n`,
  om_exemplar_of_a_gauge: '# TYPE a gauge\na 1 # {x="1"} 2\n# EOF\n',
  om_exemplar_beyond_its_bucket: `${HISTOGRAM}h_bucket{le="1.0"} 2 # {x="1"} 3\nh_bucket{le="+Inf"} 3\nh_count 3\nh_sum 4\n# EOF\n`,
  om_blank_line: 'a 1\n\n# EOF\n',
  om_behind_the_end: 'a 1\n# EOF\nb 1\n',
  om_counter_without_total: '# TYPE a counter\na 1\n# EOF\n',
};

interface Held {
  readonly isUp: boolean;
  readonly samples: Readonly<Record<string, string>>;
  /** Of samples that came with some, in milliseconds. */
  readonly ownTimes: readonly number[];
}

const isLately = (timeMs: number) => timeMs === LATELY_MS || timeMs === LATELY_MS + 1000;

describeWithServer('prometheus', 'pages that break rules', () => {
  const pages = { ...CLASSIC, ...OPENMETRICS };
  let server: TargetServer;
  let prometheus: Prometheus;
  const fromPrometheus = new Map<string, Held>();

  beforeAll(async () => {
    server = await startTarget((request, response) => {
      const name = (request.url ?? '').slice(1);
      const contentType = name in OPENMETRICS ? OPENMETRICS_TYPE : CLASSIC_TYPE;
      response.writeHead(200, { 'Content-Type': contentType }).end(pages[name]);
    });
    const target = `127.0.0.1:${server.port}`;
    prometheus = await startPrometheus({
      jobs: Object.keys(pages).map((name) => ({ name, targets: [target], settings: { metrics_path: `/${name}` } })),
      ...(process.env.PROMETHEUS_BINARY !== undefined && { binary: process.env.PROMETHEUS_BINARY }),
    });
    await prometheus.waitForScrapes({ health: 'any' });
    const found = await prometheus.query('{job=~".+"}');
    const times = await prometheus.query('timestamp(a)');
    for (const name of Object.keys(pages)) {
      const ofPage = found.filter(({ labels }) => labels.job === name);
      const ownTimes = times.filter(({ labels }) => labels.job === name).map(({ value }) => Math.round(value * 1000));
      fromPrometheus.set(name, {
        ...heldIn(ofPage.map(({ labels, value }) => [labels, value])),
        ownTimes: ownTimes.filter(isLately),
      });
    }
  });

  afterAll(async () => {
    await prometheus?.stop();
    await server?.close();
  });

  async function scraped(name: string): Promise<Held> {
    const storage = new MemoryStorage();
    const target = parseTarget(`${name}=http://127.0.0.1:${server.port}/${name}`)._unsafeUnwrap();
    const loop = new ScrapeLoop({
      scraper: new Scraper(target, { timeoutSeconds: 10, isLenient: true }),
      intervalSeconds: 1,
      clock: systemClock,
      store: async (snapshot) => void (await storage.write(snapshot))._unsafeUnwrap(),
      told: () => undefined,
    });
    await loop.scrapeOnce();
    await loop.stop();
    const engine = new QueryEngine(storage);
    const found = (await engine.instant(`{job="${name}"}`))._unsafeUnwrap();
    const times = (await engine.instant(`timestamp(a{job="${name}"})`))._unsafeUnwrap();
    if (found.type !== 'vector' || times.type !== 'vector') throw new Error(found.type);
    const ownTimes = times.samples.map(({ value }) => Math.round(value * 1000)).filter(isLately);
    return { ...heldIn(found.samples.map(({ labels, value }) => [labels, value])), ownTimes };
  }

  it('shows times of their own', () => {
    expect(fromPrometheus.get('times_of_their_own')?.ownTimes).toEqual([LATELY_MS]);
    expect(fromPrometheus.get('several_times')?.ownTimes).toEqual([LATELY_MS + 1000]);
  });

  it.each(Object.keys(pages))('%s', async (name) => {
    expect(await scraped(name)).toEqual(fromPrometheus.get(name));
  });
});

/**
 * Names of series, their labels sorted, and what they hold; without what is said of the scrape. Versions of Prometheus differ in
 * whether a bound is 1 or 1.0.
 */
function heldIn(series: readonly (readonly [Readonly<Record<string, string>>, number])[]): Omit<Held, 'ownTimes'> {
  const samples: Record<string, string> = {};
  let isUp = false;
  for (const [{ __name__: name = '', job: _, instance: __, ...labels }, value] of series) {
    if (name === 'up') isUp = value === 1;
    if (name === 'up' || name.startsWith('scrape_')) continue;
    const pairs = Object.entries(labels).map(([label, text]) => [label, label === 'le' ? boundIn(text) : text]);
    samples[name + JSON.stringify(pairs.sort())] = String(value);
  }
  return { isUp, samples };
}

const boundIn = (text: string) => (Number.isFinite(Number(text)) ? String(Number(text)) : text);
