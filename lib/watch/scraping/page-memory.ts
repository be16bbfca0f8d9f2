// What a target's last page looked like. Pages hardly change but for their numbers: whoever sees that a block has the label sets
// that it had before can hand on the very same arrays, by which storages find the series without looking at one label.
import { type LabelDictionary, type MetricFamily, type SeriesBlock, shapeKey } from '../../model/family.js';
import { sampleKinds } from '../../model/samples.js';
import type { Target } from './target.js';

/** A page as it goes into storages. */
export interface LabelledPage {
  /** With the labels of the target. */
  readonly families: readonly MetricFamily[];
  readonly sampleCount: number;
  /** How many series, as queries see them, were not in the page before. */
  readonly addedCount: number;
}

interface Remembered {
  readonly descriptor: MetricFamily['descriptor'];
  /** As they were read. */
  readonly read: readonly SeriesBlock[];
  /** As they were handed on. */
  readonly labelled: readonly SeriesBlock[];
}

export class PageMemory {
  readonly #targetLabels: SeriesBlock['constantLabels'];
  #families: ReadonlyMap<string, Remembered> = new Map();

  constructor({ instance, job }: Pick<Target, 'instance' | 'job'>) {
    this.#targetLabels = [
      ['instance', instance],
      ['job', job],
    ];
  }

  /** Labels of the page that have the names of the target's are kept as `exported_job` and the like, as Prometheus does. */
  label(page: readonly MetricFamily[]): LabelledPage {
    const families = new Map<string, Remembered>();
    const labelled: MetricFamily[] = [];
    let [sampleCount, addedCount] = [0, 0];
    for (const family of page) {
      const key = keyIn(families, family);
      const before = this.#families.get(key);
      const remembered = this.#remember(family, before);
      families.set(key, remembered);
      const kinds = sampleKinds(remembered.descriptor).length;
      sampleCount += kinds * sizeOf(remembered.labelled);
      addedCount += kinds * addedTo(before, remembered);
      const { descriptor, labelled: blocks } = remembered;
      labelled.push({ descriptor, observedNegative: family.observedNegative, blocks: () => blocks });
    }
    this.#families = families;
    return { families: labelled, sampleCount, addedCount };
  }

  /** After this, every series is one that was not there before. */
  forget(): void {
    this.#families = new Map();
  }

  #remember({ descriptor, blocks }: MetricFamily, before: Remembered | undefined): Remembered {
    const read = [...blocks()];
    const same = new SameDictionaries();
    const labelled = read.map((block, place): SeriesBlock => {
      const [was, handedOn] = [before?.read[place], before?.labelled[place]];
      if (was === undefined || handedOn === undefined || !hasSameLabels(block, was, same))
        return this.#labelBlock(block);
      const { dictionaries, labelIds, constantLabels } = handedOn;
      return { ...block, dictionaries, labelIds, constantLabels };
    });
    return { descriptor: before?.descriptor ?? descriptor, read, labelled };
  }

  #labelBlock(block: SeriesBlock): SeriesBlock {
    const names = new Set(block.dictionaries.map(({ name }) => name));
    const dictionaries = block.dictionaries.map((dictionary): LabelDictionary => {
      let { name } = dictionary;
      if (!this.#targetLabels.some(([own]) => own === name)) return dictionary;
      while (names.has(name)) name = `exported_${name}`;
      names.add(name);
      return { name, values: dictionary.values };
    });
    return { ...block, dictionaries, constantLabels: this.#targetLabels };
  }
}

/** Two families of one name and shape differ in the names of their labels; they stand in the order of the page. */
function keyIn(families: ReadonlyMap<string, unknown>, { descriptor }: MetricFamily): string {
  const key = `${descriptor.type}${shapeKey(descriptor)}`;
  if (!families.has(key)) return key;
  let place = 2;
  while (families.has(`${place}${key}`)) place++;
  return `${place}${key}`;
}

function sizeOf(blocks: readonly SeriesBlock[]): number {
  return blocks.reduce((sum, { size }) => sum + size, 0);
}

/** Which dictionaries of a page have turned out to be those of the page before; blocks of a family share them. */
class SameDictionaries {
  readonly #known = new Map<LabelDictionary, boolean>();

  are(now: LabelDictionary, before: LabelDictionary): boolean {
    let answer = this.#known.get(now);
    if (answer === undefined) {
      const { name, values } = now;
      answer = name === before.name && values.length === before.values.length;
      for (let id = 0; answer && id < values.length; id++) answer = values[id] === before.values[id];
      this.#known.set(now, answer);
    }
    return answer;
  }
}

function hasSameLabels(now: SeriesBlock, before: SeriesBlock, same: SameDictionaries): boolean {
  const [ids, idsBefore] = [now.labelIds, before.labelIds];
  if (now.size !== before.size || now.dictionaries.length !== before.dictionaries.length) return false;
  if (ids.length !== idsBefore.length) return false;
  for (let at = 0; at < ids.length; at++) if (ids[at] !== idsBefore[at]) return false;
  return now.dictionaries.every((dictionary, column) => {
    const other = before.dictionaries[column];
    return other !== undefined && same.are(dictionary, other);
  });
}

function addedTo(before: Remembered | undefined, { labelled }: Remembered): number {
  if (before === undefined) return sizeOf(labelled);
  const known = new Set<SeriesBlock['labelIds']>(before.labelled.map(({ labelIds }) => labelIds));
  const changed = labelled.filter(({ labelIds }) => !known.has(labelIds));
  if (changed.length === 0) return 0;
  const keys = new Set(before.labelled.flatMap((block) => [...seriesKeys(block)]));
  let added = 0;
  for (const block of changed) for (const key of seriesKeys(block)) if (!keys.has(key)) added++;
  return added;
}

function* seriesKeys({ dictionaries, labelIds, size }: SeriesBlock): Generator<string> {
  const arity = dictionaries.length;
  for (let row = 0; row < size; row++) {
    const pairs: string[] = [];
    for (let column = 0; column < arity; column++) {
      const dictionary = dictionaries[column];
      const value = dictionary?.values[labelIds[row * arity + column] as number] ?? '';
      if (value !== '') pairs.push(JSON.stringify([dictionary?.name, value]));
    }
    yield pairs.sort().join();
  }
}
