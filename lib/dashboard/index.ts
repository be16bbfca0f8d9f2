// The entry point `telltale/dashboard`: the page at /dashboard, and the same panels for Grafana.
export { type DashboardOptions, dashboard } from './dashboard.js';
export { type DescribedMetrics, type GrafanaOptions, grafanaDashboard } from './grafana-dashboard.js';
export type { Metadata } from './panels/known-family.js';
