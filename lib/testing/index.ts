// The entry point `telltale/testing`: helpers for tests of programs that use telltale.
export { type LintFinding, type LintOptions, lintFamilies, lintMetrics } from './lint/lint-metrics.js';
export { ManualClock } from './manual-clock.js';
export { type MatcherResult, type MetricsMatchers, metricsMatchers } from './matchers.js';
export { newTestCollector, type TestCollector } from './test-collector.js';
