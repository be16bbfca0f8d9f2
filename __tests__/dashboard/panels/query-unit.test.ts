// The unit that a query's answer has, as far as its words tell.
import { unitOfQuery } from '../../../lib/dashboard/panels/query-unit.js';

describe('unitOfQuery', () => {
  it.each([
    ['took_seconds', 'seconds'],
    ['rate(cpu_seconds_total[1m])', 'ratio'],
    ['rate(sent_bytes_total[1m])', 'bytes-per-second'],
    ['rate(requests_total[1m])', 'per-second'],
    ['rate(took_seconds_count[1m])', 'per-second'],
    ['histogram_quantile(0.9, sum by (le) (rate(took_seconds_bucket[1m])))', 'seconds'],
    ['histogram_avg(rate(took_seconds[1m]))', 'seconds'],
    ['rate(took_seconds_bucket[1m])', 'per-second'],
    ['sum by (le) (took_seconds_bucket)', 'none'],
    ['took_seconds > bool 1', 'none'],
    ['took_seconds > 1', 'seconds'],
    ['rate(took_seconds_sum[1m]) / rate(took_seconds_count[1m])', 'none'],
    ['count(took_seconds)', 'none'],
    ['heap_bytes + took_seconds', 'none'],
    ['requests{path="/a_seconds"}', 'none'],
    ['last_push_timestamp_seconds', 'timestamp'],
    ['push_timestamp_in_seconds', 'timestamp'],
  ])('of %s is %s', (query, unit) => {
    expect(unitOfQuery(query)).toBe(unit);
  });
});
