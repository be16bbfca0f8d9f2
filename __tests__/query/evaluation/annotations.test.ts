// What is said of answers: once, with its place, and not endlessly.
import { Annotations } from '../../../lib/query/evaluation/annotations.js';

describe('Annotations', () => {
  it('says where, by line and column from 1', () => {
    const annotations = new Annotations('a +\n  b');
    annotations.warn('odd', { start: 0, end: 1 });
    annotations.info('strange', { start: 6, end: 7 });
    expect(annotations.notes()).toEqual({
      warnings: ['PromQL warning: odd (1:1)'],
      infos: ['PromQL info: strange (2:3)'],
    });
  });

  it('says the same once, at the last place', () => {
    const annotations = new Annotations('a + b + c');
    for (const start of [4, 8, 0]) annotations.warn('odd', { start, end: start + 1 });
    expect(annotations.notes().warnings).toEqual(['PromQL warning: odd (1:9)']);
  });

  it('takes the whole for later than its parts', () => {
    const annotations = new Annotations('(a + b) + c');
    for (const [start, end] of [
      [0, 11],
      [1, 6],
      [10, 11],
    ] as const)
      annotations.warn('odd', { start, end });
    expect(annotations.notes().warnings).toEqual(['PromQL warning: odd (1:1)']);
  });

  it('lists ten of a kind and counts the others', () => {
    const annotations = new Annotations('a');
    for (let i = 0; i < 13; i++) annotations.info(`odd ${i}`, { start: 0, end: 1 });
    const { warnings, infos } = annotations.notes();
    expect(warnings).toEqual([]);
    expect(infos.slice(-2)).toEqual(['PromQL info: odd 9 (1:1)', '3 more info annotations omitted']);
    expect(infos).toHaveLength(11);
  });
});
