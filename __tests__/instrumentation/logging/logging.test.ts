// Messages are counted as pino and winston really log them: by level, only those that are switched on, children and levels of one's
// own included. And errors reach a log few at a time.
import { Writable } from 'node:stream';
import pino from 'pino';
import type { MetricsError } from 'telltale';
import { countLogs, type LoggedError, rateLimitedLogger } from 'telltale/instrumentation';
import { ManualClock } from 'telltale/testing';
import { config, createLogger, format, transports } from 'winston';
import { setUp } from '../../instruments/setup.js';

class Sink extends Writable {
  readonly texts: string[] = [];
  override _write(chunk: Buffer, _: BufferEncoding, next: () => void): void {
    this.texts.push(chunk.toString());
    next();
  }
}

describe('countLogs', () => {
  it('counts what pino logs, by the name of the level, and changes no message', async () => {
    const { metrics, lines } = setUp();
    const counted = countLogs({ collector: metrics });
    const sink = new Sink();
    const log = pino({ hooks: counted.pinoHooks, customLevels: { audit: 35 }, level: 'info' }, sink);
    log.info({ user: 7 }, 'hello %s', 'Ann');
    log.child({ part: 'db' }).warn('slow');
    log.warn('slower');
    log.audit('who');
    log.debug('not switched on');
    expect(sink.texts.map((text) => (JSON.parse(text) as { msg: string }).msg)).toEqual([
      'hello Ann',
      'slow',
      'slower',
      'who',
    ]);
    expect(JSON.parse(sink.texts[0] ?? '')).toMatchObject({ user: 7 });
    const expected = [
      'log_messages_total{level="info"} 1',
      'log_messages_total{level="warn"} 2',
      'log_messages_total{level="audit"} 1',
    ];
    expect(await lines()).toEqual(expected);
    counted.remove();
    log.info('still logged');
    expect(sink.texts).toHaveLength(5);
    expect(await lines()).toEqual(expected);
  });

  it('counts what winston logs, whatever its formats make of the level, and once for many transports', async () => {
    const { metrics, lines } = setUp();
    const counted = countLogs({ collector: metrics });
    const sink = new Sink();
    const log = createLogger({
      level: 'info',
      levels: config.syslog.levels,
      format: format.combine(
        format.colorize({ colors: { error: 'red', warning: 'yellow', info: 'green' } }),
        format.simple(),
      ),
      transports: [
        new transports.Stream({ stream: sink }),
        new transports.Stream({ stream: sink, level: 'error' }),
        counted.winstonTransport(),
      ],
    });
    log.error('down');
    log.child({ part: 'db' }).warning('slow');
    log.info('hello');
    log.debug('not switched on');
    log.end();
    await new Promise((resolve) => log.once('finish', resolve));
    expect(sink.texts).toHaveLength(4);
    expect((await lines()).toSorted()).toEqual([
      'log_messages_total{level="error"} 1',
      'log_messages_total{level="info"} 1',
      'log_messages_total{level="warning"} 1',
    ]);
  });
});

describe('rateLimitedLogger', () => {
  const unreachable: MetricsError = { kind: 'push_unreachable', target: 'gateway', cause: 'refused' };
  const closed: MetricsError = { kind: 'storage_closed', storage: 'file' };

  function logger(options: object = {}) {
    const clock = new ManualClock();
    const logged: [string, LoggedError][] = [];
    return { clock, logged, tell: rateLimitedLogger((...args) => logged.push(args), { clock, ...options }) };
  }

  it('logs the first of each kind at once, then one per interval with the number of those left out', () => {
    const { clock, logged, tell } = logger({ intervalSeconds: 10 });
    for (let i = 0; i < 5; i++) tell(unreachable);
    tell(closed);
    clock.advance(9);
    tell(unreachable);
    clock.advance(1);
    tell(unreachable);
    expect(logged.map(([, { error, suppressed }]) => [error.kind, suppressed])).toEqual([
      ['push_unreachable', 0],
      ['storage_closed', 0],
      ['push_unreachable', 5],
    ]);
    expect(logged[2]?.[0]).toBe(
      'gateway cannot be reached: refused. Check the URL and that the server runs. (5 more since the last one)',
    );
  });

  it('samples', () => {
    const { clock, logged, tell } = logger({ intervalSeconds: 1, sampleOneIn: 3 });
    for (let i = 0; i < 7; i++) {
      tell(closed);
      clock.advance(1);
    }
    expect(logged.map(([, { suppressed }]) => suppressed)).toEqual([0, 2, 2]);
  });

  it('refuses options that say nothing', () => {
    expect(() => logger({ intervalSeconds: 0 })).toThrow('intervalSeconds');
    expect(() => logger({ sampleOneIn: 0.5 })).toThrow('sampleOneIn');
  });

  it('takes what a collector tells', () => {
    const { logged, tell } = logger();
    const { metrics } = setUp({ onError: tell });
    metrics.counter('c_total').increment(-1);
    expect(logged).toEqual([
      [expect.stringContaining('c_total was given -1'), expect.objectContaining({ suppressed: 0 })],
    ]);
  });
});
