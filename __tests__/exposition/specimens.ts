// Families and their complete texts in both formats, every type among them. In one place, so that the expected texts
// themselves are also judged by the real readers of each format.
import type { MetricFamily } from '../../lib/model/family.js';
import { familyOf } from '../support/families.js';

export interface Specimen {
  readonly title: string;
  readonly families: readonly MetricFamily[];
  readonly prometheus: string;
  /** Without the closing `# EOF`. */
  readonly openmetrics: string;
}

const requests = familyOf(
  { type: 'counter', name: 'http_requests_total', description: 'HTTP requests served.' },
  {
    series: [
      { labels: { method: 'GET', status: '200' }, row: 1027 },
      { labels: { method: 'POST', status: '500' }, row: 0.5, createdMs: 1_700_000_000_000 },
    ],
  },
);

const latency = familyOf(
  {
    type: 'histogram',
    name: 'latency_seconds',
    description: 'Time to answer.',
    unit: 'seconds',
    upperBounds: [0.005, 1, 2_500_000],
  },
  {
    series: [
      { labels: { route: '/' }, row: [2, 0, 1, 4, 10.25] },
      { labels: { route: '/none' }, row: [0, 0, 0, 0, 0] },
    ],
  },
);

export const specimens: readonly Specimen[] = [
  {
    title: 'a counter',
    families: [requests],
    prometheus: `# HELP http_requests_total HTTP requests served.
# TYPE http_requests_total counter
http_requests_total{method="GET",status="200"} 1027
http_requests_total{method="POST",status="500"} 0.5
`,
    openmetrics: `# TYPE http_requests counter
# HELP http_requests HTTP requests served.
http_requests_total{method="GET",status="200"} 1027
http_requests_created{method="GET",status="200"} 1700000000.123
http_requests_total{method="POST",status="500"} 0.5
http_requests_created{method="POST",status="500"} 1700000000
`,
  },
  {
    title: 'a counter whose name does not end in _total',
    families: [familyOf({ type: 'counter', name: 'bytes', unit: 'bytes' }, { series: [{ row: 2 ** 40 }] })],
    prometheus: '# TYPE bytes counter\nbytes 1099511627776\n',
    openmetrics: '# TYPE bytes counter\nbytes_total 1099511627776\nbytes_created 1700000000.123\n',
  },
  {
    title: 'gauges with every kind of number',
    families: [
      familyOf(
        { type: 'gauge', name: 'temperature_celsius', description: 'Now.', unit: 'celsius' },
        {
          series: [0, -0, -12.75, 1e-7, 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
            (row, place) => ({ labels: { place: String(place) }, row }),
          ),
        },
      ),
    ],
    prometheus: `# HELP temperature_celsius Now.
# TYPE temperature_celsius gauge
temperature_celsius{place="0"} 0
temperature_celsius{place="1"} -0
temperature_celsius{place="2"} -12.75
temperature_celsius{place="3"} 1e-7
temperature_celsius{place="4"} 1e+21
temperature_celsius{place="5"} NaN
temperature_celsius{place="6"} +Inf
temperature_celsius{place="7"} -Inf
`,
    openmetrics: `# TYPE temperature_celsius gauge
# UNIT temperature_celsius celsius
# HELP temperature_celsius Now.
temperature_celsius{place="0"} 0
temperature_celsius{place="1"} -0
temperature_celsius{place="2"} -12.75
temperature_celsius{place="3"} 1e-7
temperature_celsius{place="4"} 1e+21
temperature_celsius{place="5"} NaN
temperature_celsius{place="6"} +Inf
temperature_celsius{place="7"} -Inf
`,
  },
  {
    title: 'a histogram, its buckets cumulative and its bounds canonical in OpenMetrics',
    families: [latency],
    prometheus: `# HELP latency_seconds Time to answer.
# TYPE latency_seconds histogram
latency_seconds_bucket{route="/",le="0.005"} 2
latency_seconds_bucket{route="/",le="1"} 2
latency_seconds_bucket{route="/",le="2500000"} 3
latency_seconds_bucket{route="/",le="+Inf"} 7
latency_seconds_sum{route="/"} 10.25
latency_seconds_count{route="/"} 7
latency_seconds_bucket{route="/none",le="0.005"} 0
latency_seconds_bucket{route="/none",le="1"} 0
latency_seconds_bucket{route="/none",le="2500000"} 0
latency_seconds_bucket{route="/none",le="+Inf"} 0
latency_seconds_sum{route="/none"} 0
latency_seconds_count{route="/none"} 0
`,
    openmetrics: `# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
# HELP latency_seconds Time to answer.
latency_seconds_bucket{route="/",le="0.005"} 2
latency_seconds_bucket{route="/",le="1.0"} 2
latency_seconds_bucket{route="/",le="2.5e+06"} 3
latency_seconds_bucket{route="/",le="+Inf"} 7
latency_seconds_sum{route="/"} 10.25
latency_seconds_count{route="/"} 7
latency_seconds_created{route="/"} 1700000000.123
latency_seconds_bucket{route="/none",le="0.005"} 0
latency_seconds_bucket{route="/none",le="1.0"} 0
latency_seconds_bucket{route="/none",le="2.5e+06"} 0
latency_seconds_bucket{route="/none",le="+Inf"} 0
latency_seconds_sum{route="/none"} 0
latency_seconds_count{route="/none"} 0
latency_seconds_created{route="/none"} 1700000000.123
`,
  },
  {
    title: 'a histogram without labels and without bounds',
    families: [familyOf({ type: 'histogram', name: 'size', upperBounds: [] }, { series: [{ row: [3, 1.5] }] })],
    prometheus: '# TYPE size histogram\nsize_bucket{le="+Inf"} 3\nsize_sum 1.5\nsize_count 3\n',
    openmetrics:
      '# TYPE size histogram\nsize_bucket{le="+Inf"} 3\nsize_sum 1.5\nsize_count 3\nsize_created 1700000000.123\n',
  },
  {
    title: 'a histogram that saw negative values: OpenMetrics has neither sum nor count then',
    families: [
      familyOf(
        { type: 'histogram', name: 'change', upperBounds: [0] },
        { observedNegative: true, series: [{ row: [1, 1, -3] }] },
      ),
    ],
    prometheus:
      '# TYPE change histogram\nchange_bucket{le="0"} 1\nchange_bucket{le="+Inf"} 2\nchange_sum -3\nchange_count 2\n',
    openmetrics:
      '# TYPE change histogram\nchange_bucket{le="0.0"} 1\nchange_bucket{le="+Inf"} 2\nchange_created 1700000000.123\n',
  },
  {
    title: 'a histogram with a negative bound, which has no sum in OpenMetrics before it saw a negative value either',
    families: [
      familyOf({ type: 'histogram', name: 'offset', upperBounds: [-1, 1] }, { series: [{ row: [0, 1, 0, 0.5] }] }),
    ],
    prometheus: `# TYPE offset histogram
offset_bucket{le="-1"} 0
offset_bucket{le="1"} 1
offset_bucket{le="+Inf"} 1
offset_sum 0.5
offset_count 1
`,
    openmetrics: `# TYPE offset histogram
offset_bucket{le="-1.0"} 0
offset_bucket{le="1.0"} 1
offset_bucket{le="+Inf"} 1
offset_created 1700000000.123
`,
  },
  {
    title: 'a histogram of what is there now, which is a histogram to the classic format',
    families: [
      familyOf(
        { type: 'gaugehistogram', name: 'queue_age_seconds', unit: 'seconds', upperBounds: [1, 10] },
        { series: [{ labels: { queue: 'mail' }, row: [2, 1, 0, 7.5] }] },
      ),
    ],
    prometheus: `# TYPE queue_age_seconds histogram
queue_age_seconds_bucket{queue="mail",le="1"} 2
queue_age_seconds_bucket{queue="mail",le="10"} 3
queue_age_seconds_bucket{queue="mail",le="+Inf"} 3
queue_age_seconds_sum{queue="mail"} 7.5
queue_age_seconds_count{queue="mail"} 3
`,
    openmetrics: `# TYPE queue_age_seconds gaugehistogram
# UNIT queue_age_seconds seconds
queue_age_seconds_bucket{queue="mail",le="1.0"} 2
queue_age_seconds_bucket{queue="mail",le="10.0"} 3
queue_age_seconds_bucket{queue="mail",le="+Inf"} 3
queue_age_seconds_gsum{queue="mail"} 7.5
queue_age_seconds_gcount{queue="mail"} 3
`,
  },
  {
    title: 'series of one name that differ in their bounds, and totals that nobody told',
    families: [
      familyOf(
        { type: 'summary', name: 'wait_seconds', description: 'Waiting.', quantiles: [0.5] },
        { series: [{ labels: { for: 'a' }, row: [1, 2, 3], createdMs: Number.NaN }] },
      ),
      familyOf(
        { type: 'summary', name: 'wait_seconds', description: 'Waiting.', quantiles: [0.9] },
        { series: [{ labels: { for: 'b' }, row: [4, Number.NaN, Number.NaN], createdMs: Number.NaN }] },
      ),
    ],
    prometheus: `# HELP wait_seconds Waiting.
# TYPE wait_seconds summary
wait_seconds{for="a",quantile="0.5"} 1
wait_seconds_sum{for="a"} 2
wait_seconds_count{for="a"} 3
wait_seconds{for="b",quantile="0.9"} 4
`,
    openmetrics: `# TYPE wait_seconds summary
# HELP wait_seconds Waiting.
wait_seconds{for="a",quantile="0.5"} 1
wait_seconds_sum{for="a"} 2
wait_seconds_count{for="a"} 3
wait_seconds{for="b",quantile="0.9"} 4
`,
  },
  {
    title: 'series of which nobody told when they were created',
    families: [
      familyOf(
        { type: 'counter', name: 'sent_total' },
        {
          series: [
            { labels: { to: 'a' }, row: 1, createdMs: Number.NaN },
            { labels: { to: 'b' }, row: 2 },
          ],
        },
      ),
    ],
    prometheus: '# TYPE sent_total counter\nsent_total{to="a"} 1\nsent_total{to="b"} 2\n',
    openmetrics:
      '# TYPE sent counter\nsent_total{to="a"} 1\nsent_total{to="b"} 2\nsent_created{to="b"} 1700000000.123\n',
  },
  {
    title: 'a summary, its window empty in one series',
    families: [
      familyOf(
        { type: 'summary', name: 'rpc_seconds', description: 'Calls.', unit: 'seconds', quantiles: [0.5, 0.99, 1] },
        {
          series: [
            { labels: { to: 'a' }, row: [0.25, 1, 2, 12.5, 30] },
            { labels: { to: 'b' }, row: [Number.NaN, Number.NaN, Number.NaN, 0, 0] },
          ],
        },
      ),
    ],
    prometheus: `# HELP rpc_seconds Calls.
# TYPE rpc_seconds summary
rpc_seconds{to="a",quantile="0.5"} 0.25
rpc_seconds{to="a",quantile="0.99"} 1
rpc_seconds{to="a",quantile="1"} 2
rpc_seconds_sum{to="a"} 12.5
rpc_seconds_count{to="a"} 30
rpc_seconds{to="b",quantile="0.5"} NaN
rpc_seconds{to="b",quantile="0.99"} NaN
rpc_seconds{to="b",quantile="1"} NaN
rpc_seconds_sum{to="b"} 0
rpc_seconds_count{to="b"} 0
`,
    openmetrics: `# TYPE rpc_seconds summary
# UNIT rpc_seconds seconds
# HELP rpc_seconds Calls.
rpc_seconds{to="a",quantile="0.5"} 0.25
rpc_seconds{to="a",quantile="0.99"} 1
rpc_seconds{to="a",quantile="1.0"} 2
rpc_seconds_sum{to="a"} 12.5
rpc_seconds_count{to="a"} 30
rpc_seconds_created{to="a"} 1700000000.123
rpc_seconds{to="b",quantile="0.5"} NaN
rpc_seconds{to="b",quantile="0.99"} NaN
rpc_seconds{to="b",quantile="1.0"} NaN
rpc_seconds_sum{to="b"} 0
rpc_seconds_count{to="b"} 0
rpc_seconds_created{to="b"} 1700000000.123
`,
  },
  {
    title: 'a summary without quantiles',
    families: [familyOf({ type: 'summary', name: 'rpc', quantiles: [] }, { series: [{ row: [4.5, 2] }] })],
    prometheus: '# TYPE rpc summary\nrpc_sum 4.5\nrpc_count 2\n',
    openmetrics: '# TYPE rpc summary\nrpc_sum 4.5\nrpc_count 2\nrpc_created 1700000000.123\n',
  },
  {
    title: 'a summary of negative values, of which OpenMetrics has the lines that it allows',
    families: [familyOf({ type: 'summary', name: 'drift', quantiles: [0, 1] }, { series: [{ row: [-2, 1, -3, 4] }] })],
    prometheus: '# TYPE drift summary\ndrift{quantile="0"} -2\ndrift{quantile="1"} 1\ndrift_sum -3\ndrift_count 4\n',
    openmetrics: '# TYPE drift summary\ndrift{quantile="1.0"} 1\ndrift_count 4\ndrift_created 1700000000.123\n',
  },
  {
    title: 'facts about the program',
    families: [
      familyOf(
        { type: 'info', name: 'build_info', description: 'The build.', unit: '' },
        { series: [{ labels: { version: '1.2.3' }, row: 1 }] },
      ),
      familyOf({ type: 'info', name: 'host' }, { series: [{ labels: { os: 'linux' }, row: 1 }] }),
    ],
    prometheus: `# HELP build_info The build.
# TYPE build_info gauge
build_info{version="1.2.3"} 1
# TYPE host gauge
host{os="linux"} 1
`,
    openmetrics: `# TYPE build info
# HELP build The build.
build_info{version="1.2.3"} 1
# TYPE host info
host_info{os="linux"} 1
`,
  },
  {
    title: 'a set of states',
    families: [
      familyOf(
        { type: 'stateset', name: 'breaker', description: 'State.', states: ['open', 'half "open"', 'closed'] },
        { series: [{ labels: { target: 'db' }, row: [0, 1, 0] }, { row: [1, 0, 0] }] },
      ),
    ],
    prometheus: `# HELP breaker State.
# TYPE breaker gauge
breaker{target="db",breaker="open"} 0
breaker{target="db",breaker="half \\"open\\""} 1
breaker{target="db",breaker="closed"} 0
breaker{breaker="open"} 1
breaker{breaker="half \\"open\\""} 0
breaker{breaker="closed"} 0
`,
    openmetrics: `# TYPE breaker stateset
# HELP breaker State.
breaker{target="db",breaker="open"} 0
breaker{target="db",breaker="half \\"open\\""} 1
breaker{target="db",breaker="closed"} 0
breaker{breaker="open"} 1
breaker{breaker="half \\"open\\""} 0
breaker{breaker="closed"} 0
`,
  },
  {
    title: 'a set of a single state',
    families: [familyOf({ type: 'stateset', name: 'up_state', states: ['on'] }, { series: [{ row: 1 }] })],
    prometheus: '# TYPE up_state gauge\nup_state{up_state="on"} 1\n',
    openmetrics: '# TYPE up_state stateset\nup_state{up_state="on"} 1\n',
  },
  {
    title: 'a family of unknown type',
    families: [familyOf({ type: 'unknown', name: 'things', description: 'Some.' }, { series: [{ row: 3 }] })],
    prometheus: '# HELP things Some.\n# TYPE things untyped\nthings 3\n',
    openmetrics: '# TYPE things unknown\n# HELP things Some.\nthings 3\n',
  },
  {
    title: 'whatever needs escaping',
    families: [
      familyOf(
        { type: 'gauge', name: 'paths', description: 'A "path"\nlike C:\\temp, \u{1f631}, \ud800.' },
        { series: [{ labels: { path: 'C:\\"new"\n', next: '花火,}{' }, row: 1 }] },
      ),
    ],
    prometheus: `# HELP paths A "path"\\nlike C:\\\\temp, \u{1f631}, \ufffd.
# TYPE paths gauge
paths{path="C:\\\\\\"new\\"\\n",next="花火,}{"} 1
`,
    openmetrics: `# TYPE paths gauge
# HELP paths A \\"path\\"\\nlike C:\\\\temp, \u{1f631}, \ufffd.
paths{path="C:\\\\\\"new\\"\\n",next="花火,}{"} 1
`,
  },
  {
    title: 'different label names in one family, an empty value and the overflow series',
    families: [
      familyOf(
        { type: 'counter', name: 'events_total' },
        {
          series: [
            { row: 1 },
            { labels: { kind: 'a' }, row: 2 },
            { labels: { kind: 'b', from: '' }, row: 3 },
            { labels: { otel_metric_overflow: 'true' }, row: 4 },
          ],
        },
      ),
    ],
    prometheus: `# TYPE events_total counter
events_total 1
events_total{kind="a"} 2
events_total{kind="b",from=""} 3
events_total{otel_metric_overflow="true"} 4
`,
    openmetrics: `# TYPE events counter
events_total 1
events_created 1700000000.123
events_total{kind="a"} 2
events_created{kind="a"} 1700000000.123
events_total{kind="b",from=""} 3
events_created{kind="b",from=""} 1700000000.123
events_total{otel_metric_overflow="true"} 4
events_created{otel_metric_overflow="true"} 1700000000.123
`,
  },
  {
    title: 'labels that all series carry, behind those of the series',
    families: [
      familyOf(
        { type: 'gauge', name: 'queue_depth' },
        {
          constantLabels: [
            ['service', 'shop'],
            ['zone', 'eu "1"'],
          ],
          series: [{ row: 1 }, { labels: { queue: 'mail' }, row: 2 }],
        },
      ),
      familyOf(
        { type: 'histogram', name: 'wait', upperBounds: [1] },
        {
          constantLabels: [['service', 'shop']],
          series: [{ row: [1, 0, 1] }, { labels: { queue: 'mail' }, row: [0, 1, 2] }],
        },
      ),
    ],
    prometheus: `# TYPE queue_depth gauge
queue_depth{service="shop",zone="eu \\"1\\""} 1
queue_depth{queue="mail",service="shop",zone="eu \\"1\\""} 2
# TYPE wait histogram
wait_bucket{service="shop",le="1"} 1
wait_bucket{service="shop",le="+Inf"} 1
wait_sum{service="shop"} 1
wait_count{service="shop"} 1
wait_bucket{queue="mail",service="shop",le="1"} 0
wait_bucket{queue="mail",service="shop",le="+Inf"} 1
wait_sum{queue="mail",service="shop"} 2
wait_count{queue="mail",service="shop"} 1
`,
    openmetrics: `# TYPE queue_depth gauge
queue_depth{service="shop",zone="eu \\"1\\""} 1
queue_depth{queue="mail",service="shop",zone="eu \\"1\\""} 2
# TYPE wait histogram
wait_bucket{service="shop",le="1.0"} 1
wait_bucket{service="shop",le="+Inf"} 1
wait_sum{service="shop"} 1
wait_count{service="shop"} 1
wait_created{service="shop"} 1700000000.123
wait_bucket{queue="mail",service="shop",le="1.0"} 0
wait_bucket{queue="mail",service="shop",le="+Inf"} 1
wait_sum{queue="mail",service="shop"} 2
wait_count{queue="mail",service="shop"} 1
wait_created{queue="mail",service="shop"} 1700000000.123
`,
  },
  {
    title: 'gaps that removed series left, a block of gaps, and a family of nothing else',
    families: [
      familyOf({ type: 'gauge', name: 'gone' }, { series: [{ row: 1, removed: true }] }),
      familyOf(
        { type: 'gauge', name: 'some' },
        {
          blockSize: 2,
          series: [
            { labels: { i: '0' }, row: 0, removed: true },
            { labels: { i: '1' }, row: 1, removed: true },
            { labels: { i: '2' }, row: 2, removed: true },
            { labels: { i: '3' }, row: 3 },
            { labels: { i: '4' }, row: 4 },
          ],
        },
      ),
      familyOf({ type: 'histogram', name: 'none', upperBounds: [1] }, { series: [] }),
      familyOf(
        { type: 'histogram', name: 'part', upperBounds: [] },
        {
          series: [
            { labels: { i: '0' }, row: [1, 1], removed: true },
            { labels: { i: '1' }, row: [2, 2] },
          ],
        },
      ),
    ],
    prometheus: `# TYPE some gauge
some{i="3"} 3
some{i="4"} 4
# TYPE part histogram
part_bucket{i="1",le="+Inf"} 2
part_sum{i="1"} 2
part_count{i="1"} 2
`,
    openmetrics: `# TYPE some gauge
some{i="3"} 3
some{i="4"} 4
# TYPE part histogram
part_bucket{i="1",le="+Inf"} 2
part_sum{i="1"} 2
part_count{i="1"} 2
part_created{i="1"} 1700000000.123
`,
  },
  { title: 'nothing at all', families: [], prometheus: '', openmetrics: '' },
  {
    title: 'units that OpenMetrics has no place for: of facts and states, and no suffix of the name',
    families: [
      familyOf({ type: 'info', name: 'disk_bytes', unit: 'bytes' }, { series: [{ row: 1 }] }),
      familyOf({ type: 'gauge', name: 'bytes_free', unit: 'bytes' }, { series: [{ row: 1 }] }),
    ],
    prometheus: '# TYPE disk_bytes gauge\ndisk_bytes 1\n# TYPE bytes_free gauge\nbytes_free 1\n',
    openmetrics: '# TYPE disk_bytes info\ndisk_bytes_info 1\n# TYPE bytes_free gauge\nbytes_free 1\n',
  },
  {
    title: 'several families, the unit before the suffix of the samples',
    families: [
      familyOf(
        { type: 'counter', name: 'cpu_seconds_total', description: 'Used.', unit: 'seconds' },
        { series: [{ row: 12.75 }] },
      ),
      requests,
    ],
    prometheus: `# HELP cpu_seconds_total Used.
# TYPE cpu_seconds_total counter
cpu_seconds_total 12.75
# HELP http_requests_total HTTP requests served.
# TYPE http_requests_total counter
http_requests_total{method="GET",status="200"} 1027
http_requests_total{method="POST",status="500"} 0.5
`,
    openmetrics: `# TYPE cpu_seconds counter
# UNIT cpu_seconds seconds
# HELP cpu_seconds Used.
cpu_seconds_total 12.75
cpu_seconds_created 1700000000.123
# TYPE http_requests counter
# HELP http_requests HTTP requests served.
http_requests_total{method="GET",status="200"} 1027
http_requests_created{method="GET",status="200"} 1700000000.123
http_requests_total{method="POST",status="500"} 0.5
http_requests_created{method="POST",status="500"} 1700000000
`,
  },
];
