// What of alerts stands in a log, written by real loggers.
import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { createLogger, transports } from 'winston';
import { logNotifier } from '../../../lib/alerts/notifiers/log-notifier.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { ended, firing } from './given-alerts.js';

const NOW = Date.UTC(2026, 0, 1);

describe('logNotifier', () => {
  let output: PassThrough;
  const clock = new ManualClock(NOW);
  const lines = (): readonly string[] =>
    String(output.read() ?? '')
      .trimEnd()
      .split('\n');

  beforeEach(() => {
    output = new PassThrough();
  });

  it('throws for what is no logger', () => {
    expect(() => logNotifier({ info: () => {}, warn: () => {} } as never)).toThrow('error');
    expect(() => logNotifier(undefined as never)).toThrow('info');
  });

  it('gives pino the fields and the message', async () => {
    const notifier = logNotifier(pino({ base: null, timestamp: false }, output), { clock });
    const slow = firing('Slow', NOW, { value: 2, labels: { severity: 'page' } });
    await notifier.notify([slow]);
    await notifier.notify([slow]);
    await notifier.notify([ended(slow, NOW + 1)]);
    const fields = {
      labels: { alertname: 'Slow', severity: 'page' },
      annotations: { summary: 'Slow is the case' },
      value: 2,
      activeAtMs: NOW - 60_000,
      firedAtMs: NOW,
    };
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      { level: 50, ...fields, state: 'firing', msg: 'Slow fires: Slow is the case' },
      { level: 30, ...fields, state: 'resolved', resolvedAtMs: NOW + 1, msg: 'Slow is resolved: Slow is the case' },
    ]);
  });

  it('gives winston the message and the fields', async () => {
    const notifier = logNotifier(createLogger({ transports: [new transports.Stream({ stream: output })] }), { clock });
    await notifier.notify([firing('Slow', NOW)]);
    await new Promise(setImmediate);
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: 'Slow fires: Slow is the case',
        labels: { alertname: 'Slow' },
      }),
    ]);
  });

  it('gives a console the message first, in one line, whatever a label holds', async () => {
    const notifier = logNotifier(new Console(output), { clock });
    await notifier.notify([firing('Slow', NOW, { annotations: { summary: 'a\r\nb\u001b[2J' } })]);
    expect(lines()[0]).toMatch(/^Slow fires: a b \[2J \{/);
  });

  it('names the labels of an alert that says nothing of itself', async () => {
    const notifier = logNotifier(new Console(output), { clock });
    await notifier.notify([
      firing('Backlog', NOW, { annotations: {}, labels: { queue: 'mail', job: 'shop' } }),
      firing('Down', NOW, { annotations: {} }),
    ]);
    const messages = lines().filter((line) => line.includes('fires'));
    expect(messages.map((line) => line.replace(/ \{$/, ''))).toEqual([
      'Backlog fires: queue=mail, job=shop',
      'Down fires',
    ]);
  });

  it.each([
    ['critical', 'error'],
    ['warning', 'warn'],
    ['info', 'info'],
    [undefined, 'warn'],
  ])('logs an alert of severity %s at %s', async (severity, level) => {
    const levels: string[] = [];
    const at = (name: string) => () => levels.push(name);
    const notifier = logNotifier({ info: at('info'), warn: at('warn'), error: at('error') }, { clock });
    await notifier.notify([firing('Slow', NOW, { labels: severity === undefined ? {} : { severity } })]);
    expect(levels).toEqual([level]);
  });

  it('answers with the cause when the logger throws', async () => {
    const broken = () => {
      throw new Error('disk full');
    };
    const notifier = logNotifier({ info: broken, warn: broken, error: broken }, { clock });
    const answer = await notifier.notify([firing('Slow', NOW)]);
    expect(answer._unsafeUnwrapErr()).toEqual({
      kind: 'notify_failed',
      notifier: 'log',
      target: 'log',
      cause: new Error('disk full'),
    });
    await notifier.close();
  });
});
