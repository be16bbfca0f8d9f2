// Which functions templates may call: those of Go's template language and those of Prometheus. Apart from what they do, because
// whoever only checks a template needs no more.

const NAMES: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'len', 'index', 'slice', 'print', 'printf', 'println', 'html', 'js', 'urlquery', 'call'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
  ...[
    'query',
    'first',
    'label',
    'value',
    'strvalue',
    'args',
    'sortByLabel',
    'tableLink',
    'graphLink',
    'externalURL',
    'pathPrefix',
  ],
  ...[
    'reReplaceAll',
    'match',
    'title',
    'toUpper',
    'toLower',
    'stripPort',
    'stripDomain',
    'safeHtml',
    'parseDuration',
    'toTime',
  ],
  ...['humanize', 'humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp'],
]);

export function isTemplateFunction(name: string): boolean {
  return NAMES.has(name);
}
