// The command line: what can be said, what is taken when nothing is said, and what is answered to nonsense.
import { parseArgs } from 'node:util';
import { err, ok, type Result } from 'neverthrow';

export interface ShopOptions {
  /** Of the metrics. 0 takes any free port. */
  readonly port: number;
  readonly shopPort: number;
  /** After so many seconds the run ends by itself; undefined for never. */
  readonly seconds: number | undefined;
  /** Mean requests per second of the load. */
  readonly rate: number;
  /** After so many requests the load ends by itself, and the shop stays open. */
  readonly requests: number;
}

export const HELP = `Usage: npm start -- [options]

Opens an order service, sends customers to it, and shows what telltale measures.

  --seconds N     end by itself after N seconds, with a summary (default: never)
  --port N        where the metrics are: http://127.0.0.1:N/metrics (default: 9464; 0 takes any free port)
  --shop-port N   where the shop is (default: any free port)
  --rate N        requests per second of the load in the mean, 1 to 1000 (default: 120)
  --requests N    the load ends after N requests, and the shop stays open (default: 1000000)
  --help          this text

Ctrl-C ends it: the load stops, running requests get their answers, the last figures are collected.
A terminal gets a live view; a pipe or a file gets a line every two seconds.
`;

interface Rule {
  readonly fallback: number | undefined;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const RULES = {
  seconds: { fallback: undefined, least: 0.1, most: 86_400, whole: false },
  port: { fallback: 9464, least: 0, most: 65_535, whole: true },
  'shop-port': { fallback: 0, least: 0, most: 65_535, whole: true },
  rate: { fallback: 120, least: 1, most: 1_000, whole: false },
  requests: { fallback: 1_000_000, least: 0, most: 100_000_000, whole: true },
} as const satisfies Record<string, Rule>;

/** The options, the wish for help, or a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): Result<ShopOptions | 'help', string> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(Object.keys(RULES).map((name) => [name, { type: 'string' as const }])),
  });
  const given = new Map<string, number>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') return err(`There is nothing to do with "${token.value}". See --help.`);
    const { name, rawName, value } = token;
    if (name === 'help') return ok('help');
    if (!Object.hasOwn(RULES, name)) return err(`There is no option ${rawName}. See --help.`);
    const { least, most, whole }: Rule = RULES[name as keyof typeof RULES];
    const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
    if (!(number >= least && number <= most) || (whole && !Number.isInteger(number))) {
      const shown = value === undefined ? 'nothing' : `"${value}"`;
      return err(`${rawName} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, and was given ${shown}.`);
    }
    given.set(name, number);
  }
  const optionOf = (name: 'port' | 'shop-port' | 'rate' | 'requests') => given.get(name) ?? RULES[name].fallback;
  return ok({
    port: optionOf('port'),
    shopPort: optionOf('shop-port'),
    seconds: given.get('seconds'),
    rate: optionOf('rate'),
    requests: optionOf('requests'),
  });
}
