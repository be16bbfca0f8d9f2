// The classic text of every type, whole, and that Prometheus' own linter can read all of it.
import { encodeToString } from '../../lib/exposition/encode.js';
import { familyOf } from '../support/families.js';
import { checkMetrics } from '../support/promtool.js';
import { describeWithServer } from '../support/servers.js';
import { specimens } from './specimens.js';

describe('prometheusText', () => {
  it.each(specimens)('shows $title', async ({ families, prometheus }) => {
    expect(await encodeToString(families, 'prometheus')).toBe(prometheus);
  });
});

describeWithServer('promtool', 'prometheusText, read by promtool', () => {
  it('can be parsed, whatever is shown', async () => {
    // One after the other: promtool refuses a name that comes twice.
    for (const { title, prometheus } of specimens) {
      const { exitCode, output } = await checkMetrics(prometheus);
      expect({ title, output, parsed: exitCode === 0 || exitCode === 3 }).toEqual({ title, output, parsed: true });
    }
  });

  it('gives nothing to complain about where names and descriptions are good', async () => {
    const text = await encodeToString(
      [
        familyOf({ type: 'counter', name: 'a_requests_total', description: 'A.' }, { series: [{ row: 1 }] }),
        familyOf(
          { type: 'histogram', name: 'b_seconds', description: 'B.', unit: 'seconds', upperBounds: [0.5, 1] },
          { series: [{ labels: { route: '/ü"\\\n' }, row: [1, 0, 2, 7.5] }] },
        ),
        familyOf(
          { type: 'summary', name: 'c_bytes', description: 'C.', quantiles: [0.5] },
          { series: [{ row: [1, 1, 1] }] },
        ),
      ],
      'prometheus',
    );
    expect(await checkMetrics(text)).toEqual({ exitCode: 0, output: '' });
  });
});
