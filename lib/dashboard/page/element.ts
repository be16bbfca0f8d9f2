// Makes elements. Text only ever becomes text: there is no way in here to hand over markup, and that is why everything in the page
// is made with it.

type Child = Node | string | undefined;

interface Properties {
  readonly class?: string;
  readonly text?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Attributes; `undefined` leaves one out. */
  readonly [attribute: string]: unknown;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  const { text, on = {}, ...attributes } = properties;
  if (text !== undefined) made.textContent = text;
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A choice from a list, with a label that only screen readers see. */
export function select(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  onChoice: (value: string) => void,
): HTMLSelectElement {
  const made = element('select', { 'aria-label': label, on: { change: () => onChoice(made.value) } });
  made.append(...options.map(([value, text]) => element('option', { value, text })));
  return made;
}

/** A heading for screen readers only, where the tab above says the same to the eye. */
export function heading(text: string): HTMLElement {
  return element('h2', { class: 'sr-only', text });
}
