// The command line: defaults, values, and one sentence for each kind of nonsense.
import { HELP, readOptions } from '../../../examples/shop/options.js';

describe('readOptions', () => {
  it('has a default for everything', () => {
    expect(readOptions([])._unsafeUnwrap()).toEqual({
      port: 9464,
      shopPort: 0,
      seconds: undefined,
      rate: 120,
      requests: 1_000_000,
    });
  });

  it('takes values in both forms', () => {
    const args = ['--seconds', '2.5', '--port=0', '--shop-port', '8080', '--rate=7', '--requests', '10'];
    expect(readOptions(args)._unsafeUnwrap()).toEqual({ port: 0, shopPort: 8080, seconds: 2.5, rate: 7, requests: 10 });
  });

  it('offers help, which names every option', () => {
    expect(readOptions(['--seconds', '1', '--help'])._unsafeUnwrap()).toBe('help');
    for (const name of ['--seconds', '--port', '--shop-port', '--rate', '--requests', '--help']) {
      expect(HELP).toContain(`  ${name} `);
    }
  });

  it.each([
    [['--sedonds', '3'], 'There is no option --sedonds. See --help.'],
    [['--constructor'], 'There is no option --constructor. See --help.'],
    [['-x'], 'There is no option -x. See --help.'],
    [['now'], 'There is nothing to do with "now". See --help.'],
    [['--port'], '--port takes a whole number from 0 to 65535, and was given nothing.'],
    [['--port', '80.5'], '--port takes a whole number from 0 to 65535, and was given "80.5".'],
    [['--port', '65536'], '--port takes a whole number from 0 to 65535, and was given "65536".'],
    [['--seconds', '-1'], '--seconds takes a number from 0.1 to 86400, and was given "-1".'],
    [['--seconds', ''], '--seconds takes a number from 0.1 to 86400, and was given "".'],
    [['--rate', 'many'], '--rate takes a number from 1 to 1000, and was given "many".'],
  ])('refuses %j in one sentence', (args, sentence) => {
    expect(readOptions(args)._unsafeUnwrapErr()).toBe(sentence);
  });
});
