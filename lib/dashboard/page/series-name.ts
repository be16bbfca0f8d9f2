// What a series is called in legends: as the panel says, or by those labels in which the series of the chart differ.
import type { Labels } from '../panels/series-table.js';

export function nameBy(legend: string, labels: Labels): string {
  return legend.replace(/\{\{([^{}]+)\}\}/g, (_, label: string) => labels[label.trim()] ?? '');
}

/** For each of the label sets the labels that are not the same in all of them. */
export function namesApart(sets: readonly Labels[], fallback: string): readonly string[] {
  const names = [...new Set(sets.flatMap((labels) => Object.keys(labels)))].sort();
  const differing = names.filter((name) => new Set(sets.map((labels) => labels[name])).size > 1);
  const shown = sets.length === 1 ? names.filter((name) => name !== '__name__') : differing;
  return sets.map((labels) => {
    const parts = shown.filter((name) => labels[name] !== undefined && labels[name] !== '');
    if (parts.length === 0) return labels.__name__ ?? fallback;
    return parts.map((name) => (name === '__name__' ? labels[name] : `${name}=${labels[name]}`)).join(', ');
  });
}
