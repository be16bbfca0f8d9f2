// What the shop wants to be told of: the payment provider that is not there, and shelves that are empty, besides what every
// service wants. The same rules, written out by `toRuleFile`, run on a Prometheus.
import { alertRule, promql, type RuleGroup, ruleGroup, serviceAlerts } from 'telltale/alerts';
import type { ShopMetrics } from './metrics.js';

export function shopAlerts({ stock }: Pick<ShopMetrics, 'stock'>): readonly RuleGroup[] {
  const unavailable = promql`sum(rate(payment_errors_total{error_type="payment_unavailable"}[5s]))`;
  const shop = ruleGroup({
    name: 'shop',
    // Often, so that there is something to watch: the provider is in trouble for a few seconds only.
    intervalSeconds: 1,
    rules: [
      alertRule({
        alert: 'PaymentsUnavailable',
        expr: promql`${unavailable} / sum(rate(payments_total[5s])) > 0.1`,
        forSeconds: 2,
        keepFiringForSeconds: 3,
        labels: { severity: 'page' },
        annotations: { summary: '{{ $value | humanizePercentage }} of payments find nobody there' },
      }),
      alertRule({
        alert: 'SoldOut',
        expr: promql`${stock} == 0`,
        forSeconds: 1,
        labels: { severity: 'ticket' },
        annotations: { summary: '{{ $labels.product }} is sold out' },
      }),
    ],
  });
  return [shop, serviceAlerts({ nothingHealthy: false })];
}
