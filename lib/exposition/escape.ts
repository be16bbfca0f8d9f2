// What must not stand as it is inside label values and help texts. One place, because an escape that is forgotten lets
// whoever chooses a label value inject series of their own.

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** A label value between its quotes, in both text formats. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/[\\"\n]/g, escapeOf) : value;
}

/** A help text of the classic format, which leaves quotes alone. */
export function escapeClassicHelp(text: string): string {
  return text.replace(/[\\\n]/g, escapeOf);
}

/** A help text of OpenMetrics. */
export function escapeOpenMetricsHelp(text: string): string {
  return escapeLabelValue(text);
}

function escapeOf(character: string): string {
  return ESCAPES[character] ?? character;
}
