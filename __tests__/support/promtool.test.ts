// That the linter is really there and really complains: every "finds nothing" of other suites rests on it.
import { checkMetrics } from './promtool.js';
import { describeWithServer } from './servers.js';

describeWithServer('promtool', 'support/promtool', () => {
  describe('checkMetrics', () => {
    it('finds nothing in a well-named metric', async () => {
      const text = '# HELP orders_total Orders placed.\n# TYPE orders_total counter\norders_total{shop="a"} 3\n';
      expect(await checkMetrics(text)).toEqual({ exitCode: 0, output: '' });
    });

    it('ends with 3 and names the metric when a counter lacks its suffix', async () => {
      const { exitCode, output } = await checkMetrics(
        '# HELP orders Orders placed.\n# TYPE orders counter\norders 3\n',
      );
      expect(exitCode).toBe(3);
      expect(output).toContain('orders counter metrics should have "_total" suffix');
    });

    it('ends with 1 when a metric name is invalid', async () => {
      const { exitCode, output } = await checkMetrics('# TYPE or-ders counter\nor-ders 3\n');
      expect(exitCode).toBe(1);
      expect(output).toContain('error while linting');
    });
  });
});
