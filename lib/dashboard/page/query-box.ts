// The field for queries with its list of suggestions, as the combobox pattern of WAI-ARIA has it: the field keeps the focus, arrow keys
// walk through the list, Enter or Tab takes a suggestion, Escape closes it.
import { builtIns, type Completion, completionAt, rankSuggestions, type Suggestion } from './completion.js';
import { element } from './element.js';

export interface QueryBoxSource {
  names(): readonly string[];
  labels(metric: string | undefined): Promise<readonly string[]>;
  values(label: string, metric: string | undefined): Promise<readonly string[]>;
}

export class QueryBox {
  readonly element: HTMLElement;
  readonly #input = element('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': 'Query in PromQL',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'suggestions',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    placeholder: 'rate(http_requests_total[1m])',
  });
  readonly #list = element('ul', { id: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
  readonly #source: QueryBoxSource;
  readonly #onRun: (query: string) => void;
  #suggestions: readonly Suggestion[] = [];
  #completion: Completion | undefined;
  #chosen = -1;

  constructor(source: QueryBoxSource, onRun: (query: string) => void) {
    this.#source = source;
    this.#onRun = onRun;
    this.#input.addEventListener('input', () => void this.#suggest());
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#input.addEventListener('blur', () => this.#close());
    const run = element('button', { type: 'button', class: 'primary', text: 'Run', on: { click: () => this.#run() } });
    this.element = element(
      'div',
      { class: 'query' },
      element('div', { class: 'combobox' }, this.#input, this.#list),
      run,
    );
  }

  set query(text: string) {
    if (this.#input.value !== text) this.#input.value = text;
  }

  #run(): void {
    this.#close();
    this.#onRun(this.#input.value.trim());
  }

  async #suggest(): Promise<void> {
    const { value, selectionStart } = this.#input;
    const completion = completionAt(value, selectionStart ?? value.length);
    this.#completion = completion;
    const candidates = completion === undefined ? [] : await this.#candidates(completion);
    // Typed on meanwhile.
    if (this.#completion !== completion) return;
    this.#suggestions = completion === undefined ? [] : rankSuggestions(candidates, completion.prefix);
    this.#chosen = -1;
    this.#show();
  }

  async #candidates(completion: Completion): Promise<readonly Suggestion[]> {
    const plain = (texts: readonly string[], detail: string) => texts.map((text) => ({ text, detail }));
    switch (completion.kind) {
      case 'name':
        return [...plain(this.#source.names(), 'metric'), ...builtIns];
      case 'label':
        return plain(await this.#source.labels(completion.metric), 'label');
      case 'value':
        return plain(await this.#source.values(completion.label, completion.metric), completion.label);
    }
  }

  #show(): void {
    const items = this.#suggestions.map(({ text, detail }, index) => {
      const isChosen = index === this.#chosen;
      const item = element(
        'li',
        { id: `suggestion-${index}`, role: 'option', 'aria-selected': String(isChosen) },
        element('span', { class: 'name', text }),
        element('span', { class: 'value', text: detail }),
      );
      // Before the field loses the focus to the click.
      item.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        this.#take(index);
      });
      return item;
    });
    this.#list.replaceChildren(...items);
    this.#list.hidden = items.length === 0;
    this.#input.setAttribute('aria-expanded', String(items.length > 0));
    if (this.#chosen < 0) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', `suggestion-${this.#chosen}`);
    items[this.#chosen]?.scrollIntoView({ block: 'nearest' });
  }

  #close(): void {
    this.#completion = undefined;
    this.#suggestions = [];
    this.#chosen = -1;
    this.#show();
  }

  #take(index: number): void {
    const suggestion = this.#suggestions[index];
    const completion = this.#completion;
    if (suggestion === undefined || completion === undefined) return;
    const { value } = this.#input;
    const end = completion.from + completion.prefix.length;
    const text = completion.kind === 'value' ? JSON.stringify(suggestion.text).slice(1, -1) : suggestion.text;
    const closing = suggestion.detail === 'function' || suggestion.detail === 'aggregation' ? '(' : '';
    this.#input.value = value.slice(0, completion.from) + text + closing + value.slice(end);
    const cursor = completion.from + text.length + closing.length;
    this.#input.setSelectionRange(cursor, cursor);
    this.#close();
    this.#input.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const count = this.#suggestions.length;
    const isOpen = count > 0;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && isOpen) {
      const by = event.key === 'ArrowDown' ? 1 : -1;
      this.#chosen = this.#chosen < 0 && by < 0 ? count - 1 : (this.#chosen + by + count) % count;
      this.#show();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.#chosen >= 0) this.#take(this.#chosen);
    else if (event.key === 'Enter') this.#run();
    else if (event.key === 'Escape' && isOpen) this.#close();
    else return;
    event.preventDefault();
  }
}
