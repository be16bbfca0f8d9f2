// What must not stand as it is inside label values and help texts. One place, because an escape that is forgotten lets
// whoever chooses a label value make up series.

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** A label as both text formats show it. */
export function labelText(name: string, value: string): string {
  return `${name}="${escapeQuoted(value)}"`;
}

/** Text between quotes, and the help texts of OpenMetrics. */
export function escapeQuoted(text: string): string {
  return /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, escapeOf) : text;
}

/** Help texts of the classic format, which leaves quotes alone. */
export function escapeClassicHelp(text: string): string {
  return text.replace(/[\\\n]/g, escapeOf);
}

function escapeOf(character: string): string {
  return ESCAPES[character]!;
}
