// The two texts as prom-client writes them: a metric without series shows its head, `le` and `quantile` are the first labels,
// and OpenMetrics goes without units and times of creation. Numbers and escapes are telltale's.
import { escapeClassicHelp, escapeQuoted } from '../../exposition/escape.js';
import { FamilyTexts } from '../../exposition/family-text.js';
import { plainNumber } from '../../exposition/numbers.js';
import { type SeriesLines, seriesLines } from '../../exposition/series-lines.js';
import type { FamilyDescriptor } from '../../model/family.js';

export const classicTexts = new FamilyTexts({
  header: ({ descriptor }) => {
    const { name, type, description } = descriptor;
    return `# HELP ${name} ${escapeClassicHelp(description)}\n# TYPE ${name} ${type}\n`;
  },
  lines: ({ descriptor }) => linesOf(descriptor, { base: descriptor.name, single: descriptor.name }, false),
  between: '\n',
  showsEmpty: true,
  end: '',
});

export const openMetricsTexts = new FamilyTexts({
  header: ({ descriptor }) => {
    const name = openMetricsBase(descriptor);
    return `# HELP ${name} ${escapeQuoted(descriptor.description)}\n# TYPE ${name} ${descriptor.type}\n`;
  },
  lines: ({ descriptor }) => {
    const base = openMetricsBase(descriptor);
    return linesOf(descriptor, { base, single: descriptor.type === 'counter' ? `${base}_total` : base }, true);
  },
  showsEmpty: true,
  end: '',
});

/** Counters are named without the suffix that their samples have. */
export function openMetricsBase({ name, type }: { readonly name: string; readonly type: string }): string {
  return type === 'counter' ? name.replace(/_total$/, '') : name;
}

function linesOf(
  descriptor: FamilyDescriptor,
  names: { readonly base: string; readonly single: string },
  exemplars: boolean,
): SeriesLines {
  return seriesLines(descriptor, {
    ...names,
    labelNumber: plainNumber,
    labelFirst: true,
    totals: true,
    gaugeTotals: '',
    created: false,
    exemplars,
    negativeSummaries: true,
  });
}
