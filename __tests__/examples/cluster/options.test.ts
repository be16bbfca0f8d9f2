// The command line of the clustered service.
import { HELP, readOptions } from '../../../examples/cluster/options.js';

describe('readOptions', () => {
  it('takes what is said, and defaults for the rest', () => {
    expect(readOptions(['--seconds', '6', '--signal', 'SIGKILL'])._unsafeUnwrap()).toEqual({
      seconds: 6,
      workers: 2,
      signals: ['SIGKILL'],
      metricsPort: 9464,
    });
  });

  it('answers a wish for help, which names every option', () => {
    expect(readOptions(['--help'])._unsafeUnwrap()).toBe('help');
    for (const option of ['--seconds', '--workers', '--signal', '--metrics-port']) expect(HELP).toContain(option);
  });

  it.each([
    [['--seconds', 'long'], '--seconds takes a whole number from 1 to 3600, and was given "long".'],
    [['--workers', '0'], '--workers takes a whole number from 1 to 32, and was given "0".'],
    [['--metrics-port', ''], '--metrics-port takes a whole number from 0 to 65535, and was given "".'],
    [['--signal', 'SIGHUP'], '--signal takes SIGTERM or SIGKILL. See --help.'],
    [['--fast'], "Unknown option '--fast'. See --help."],
  ])('says what is wrong with %j', (args, message) => {
    expect(readOptions(args)._unsafeUnwrapErr()).toBe(message);
  });
});
