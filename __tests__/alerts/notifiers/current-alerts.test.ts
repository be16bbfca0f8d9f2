// What notifiers remember of alerts, and what they forget.
import { alertKey, CurrentAlerts } from '../../../lib/alerts/notifiers/current-alerts.js';
import { ended, firing } from './given-alerts.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY = 86_400_000;

const keyOf = (name: string): string => alertKey({ alertname: name });

describe('CurrentAlerts', () => {
  let memory: CurrentAlerts;

  beforeEach(() => {
    memory = new CurrentAlerts({ maxAlerts: 3, validSeconds: 240 });
  });

  describe('take', () => {
    it('tells an alert that begins from one that goes on', () => {
      const alert = firing('Slow', NOW);
      expect(memory.take([alert], NOW)).toEqual({ told: [keyOf('Slow')], changed: [keyOf('Slow')], dropped: 0 });
      expect(memory.take([alert], NOW + MINUTE)).toEqual({ told: [keyOf('Slow')], changed: [], dropped: 0 });
    });

    it('sees an alert that ended and fires anew between two tellings', () => {
      memory.take([firing('Slow', NOW)], NOW);
      expect(memory.take([firing('Slow', NOW + MINUTE)], NOW + MINUTE).changed).toEqual([keyOf('Slow')]);
    });

    it('ignores alerts that do not fire yet, or not any more', () => {
      const pending = { ...firing('Slow', NOW), state: 'pending' } as const;
      const inactive = { ...firing('Late', NOW), state: 'inactive' } as const;
      expect(memory.take([pending, inactive], NOW)).toEqual({ told: [], changed: [], dropped: 0 });
    });

    it('remembers an end for 15 minutes, as Prometheus does', () => {
      memory.take([ended(firing('Slow', NOW), NOW)], NOW);
      memory.take([], NOW + 15 * MINUTE);
      expect(memory.keys('resolved')).toEqual([keyOf('Slow')]);
      memory.take([], NOW + 15 * MINUTE + 1);
      expect(memory.keys('resolved')).toEqual([]);
    });

    it('takes no end that is longer ago', () => {
      expect(memory.take([ended(firing('Slow', NOW), NOW)], NOW + 16 * MINUTE).told).toEqual([]);
    });

    it('dates an end that has no date', () => {
      memory.take([{ ...firing('Slow', NOW), state: 'resolved' }], NOW + MINUTE);
      expect(memory.get(keyOf('Slow'))?.alert.resolvedAtMs).toBe(NOW + MINUTE);
    });

    it('says until when to believe an alert, also one that is told late', () => {
      const alerts = [
        firing('Silent', NOW),
        firing('Saying', NOW, { validUntilMs: NOW + MINUTE }),
        firing('Delayed', NOW, { validUntilMs: NOW - MINUTE }),
      ];
      const { told } = memory.take(alerts, NOW);
      const after = told.map((key) => (memory.get(key)?.validUntilMs ?? 0) - NOW);
      expect(after).toEqual([4 * MINUTE, MINUTE, 4 * MINUTE]);
    });

    it('takes for ended what nobody has told of for a day', () => {
      memory.take([firing('Slow', NOW, { validUntilMs: NOW + MINUTE })], NOW);
      expect(memory.take([], NOW + DAY - 1).changed).toEqual([]);
      expect(memory.take([], NOW + DAY)).toEqual({ told: [keyOf('Slow')], changed: [keyOf('Slow')], dropped: 0 });
      expect(memory.get(keyOf('Slow'))?.alert).toMatchObject({ state: 'resolved', resolvedAtMs: NOW + DAY });
    });

    it('holds no more than it may: what has ended makes room, what fires does not', () => {
      const [first, second] = [firing('A', NOW), firing('B', NOW)];
      memory.take([first, second, firing('C', NOW)], NOW);
      memory.take([ended(second, NOW)], NOW);
      expect(memory.take([firing('D', NOW), firing('E', NOW)], NOW)).toMatchObject({ told: [keyOf('D')], dropped: 1 });
      expect(memory.keys('firing')).toEqual(['A', 'C', 'D'].map(keyOf));
      expect(memory.keys('resolved')).toEqual([]);
    });
  });
});

describe('alertKey', () => {
  it('is the same for the same labels in any order, and without those that are empty', () => {
    expect(alertKey({ b: '2', a: '1', c: '' })).toBe(alertKey({ a: '1', b: '2' }));
  });

  it('is another for labels that only look alike', () => {
    expect(alertKey({ a: '1","b' })).not.toBe(alertKey({ a: '1', b: '' }));
  });
});
