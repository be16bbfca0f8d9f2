// What stands in the expressions of panels for what is only known when they are asked: the range of rates, and which targets are
// shown. Apart from the panels because the page and Grafana put different things there.
import { selector } from './known-family.js';

/** Stands for a range that fits step and scrape interval. */
export const WINDOW = '$window';
/** Stands in the braces of every selector for a matcher of targets, or for nothing. */
const TARGETS = '$targets';

/** Those targets of a server that are shown: a job, or one instance. */
export interface TargetFilter {
  readonly label: 'job' | 'instance';
  readonly value: string;
}

/** In PromQL, as in `job="shop"`; nothing for all targets. */
export function matcherOf(filter: TargetFilter | undefined): string {
  return filter === undefined ? '' : `${filter.label}=${JSON.stringify(filter.value)}`;
}

/** A selector of the targets that are shown. `matchers` as in `code="500"`. */
export function shownSelector(series: string, matchers = ''): string {
  return selector(series, matchers === '' ? TARGETS : `${matchers},${TARGETS}`);
}

/** The expression as it is asked; `targets` is a matcher, or nothing for all. */
export function expanded(expression: string, { window, targets }: { window: string; targets: string }): string {
  return expression
    .replaceAll(WINDOW, () => window)
    .replaceAll(`{${TARGETS}}`, () => (targets === '' ? '' : `{${targets}}`))
    .replace(/, ?\$targets\}/g, () => (targets === '' ? '}' : `,${targets}}`));
}
