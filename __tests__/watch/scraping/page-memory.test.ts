// What becomes of a page before it is stored: the labels of its target, and the arrays of the page before where it looks the same.
import fc from 'fast-check';
import { parseExposition } from '../../../lib/exposition/reading/parse-exposition.js';
import type { MetricFamily } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { type LabelledPage, PageMemory } from '../../../lib/watch/scraping/page-memory.js';

const target = { instance: 'a:1', job: 'shop' };

async function families(page: string): Promise<readonly MetricFamily[]> {
  return (await parseExposition(page, { format: 'prometheus' }))._unsafeUnwrap().families;
}

const samples = ({ families }: LabelledPage) =>
  [...samplesOf({ timestampMs: 0, families })].map(({ name, labels, value }) => [name, { ...labels }, value]);

const labelIds = ({ families }: LabelledPage) => families.flatMap(({ blocks }) => [...blocks()].map((b) => b.labelIds));

describe('PageMemory', () => {
  describe('label', () => {
    it('adds the labels of the target, and keeps those of the page under other names', async () => {
      const page = await families('a{job="x",exported_instance="y",instance="z"} 1\nb 2\n');
      expect(samples(new PageMemory(target).label(page))).toEqual([
        [
          'a',
          { job: 'shop', instance: 'a:1', exported_job: 'x', exported_instance: 'y', exported_exported_instance: 'z' },
          1,
        ],
        ['b', { job: 'shop', instance: 'a:1' }, 2],
      ]);
    });

    it('hands on the same label columns as long as nothing but numbers changes', async () => {
      const memory = new PageMemory(target);
      const before = memory.label(await families('a{x="1"} 1\na{x="2"} 1\n'));
      const after = memory.label(await families('a{x="1"} 5\na{x="2"} 6\n'));
      expect(labelIds(after)[0]).toBe(labelIds(before)[0]);
      expect(samples(after).map(([, , value]) => value)).toEqual([5, 6]);
    });

    it('counts samples, and series that were not there before', async () => {
      const memory = new PageMemory(target);
      const histogram = '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n';
      const counts = [];
      for (const page of [`a{x="1"} 1\n`, `a{x="1"} 2\n`, `a{x="2"} 1\na{x="1"} 1\n${histogram}`, 'a{x="2"} 1\n']) {
        const { sampleCount, addedCount } = memory.label(await families(page));
        counts.push([sampleCount, addedCount]);
      }
      expect(counts).toEqual([
        [1, 1],
        [1, 0],
        [6, 5],
        [1, 0],
      ]);
    });

    it('takes every series for a new one after it has forgotten', async () => {
      const memory = new PageMemory(target);
      memory.label(await families('a 1\n'));
      memory.forget();
      expect(memory.label(await families('a 1\n')).addedCount).toBe(1);
    });

    it('shows the same samples as without a memory, whatever came before', async () => {
      const line = fc.record({ name: fc.constantFrom('a', 'b'), x: fc.nat(3), y: fc.nat(2), value: fc.nat(9) });
      const page = fc
        .uniqueArray(line, { selector: ({ name, x, y }) => `${name}${x}/${y}`, maxLength: 12 })
        .map((lines) => lines.map(({ name, x, y, value }) => `${name}{x="${x}",job="${y}"} ${value}\n`).join(''));
      await fc.assert(
        fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 5 }), async (pages) => {
          const memory = new PageMemory(target);
          let keysBefore = new Set<string>();
          for (const text of pages) {
            const read = await families(text);
            const labelled = memory.label(read);
            expect(samples(labelled)).toEqual(samples(new PageMemory(target).label(read)));
            const keys = text.split('\n').flatMap((row) => (row === '' ? [] : [row.replace(/ .*/, '')]));
            expect(labelled.addedCount).toBe(keys.filter((key) => !keysBefore.has(key)).length);
            keysBefore = new Set(keys);
          }
        }),
        { numRuns: 200 },
      );
    });
  });
});
