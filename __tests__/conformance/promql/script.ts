// Reads the language of Prometheus' engine tests into commands: `load`, `clear` and `eval` with what is expected of it.
import { type Point, readSeries, type WrittenSeries } from '../../../lib/query/notation/series-notation.js';

export interface LoadCommand {
  readonly kind: 'load';
  readonly stepMs: number;
  /** Also load classic histograms as native ones with custom bounds. */
  readonly withCustomBounds: boolean;
  readonly series: readonly WrittenSeries[];
}

export interface TextExpectation {
  /** Matches the whole text for `msg`, a part of it for `regex`, anything where neither was given. */
  matches(text: string): boolean;
  readonly source: string;
}

export interface EvalCommand {
  readonly kind: 'eval';
  readonly line: number;
  readonly expression: string;
  readonly startMs: number;
  /** Of a range query. */
  readonly endMs?: number;
  readonly stepMs?: number;
  readonly isOrdered: boolean;
  readonly failure?: TextExpectation;
  readonly warnings: readonly TextExpectation[];
  readonly infos: readonly TextExpectation[];
  readonly forbidsWarnings: boolean;
  readonly forbidsInfos: boolean;
  readonly scalar?: number;
  readonly string?: string;
  /** In the order in which they stand there. */
  readonly series: readonly WrittenSeries[];
}

export type Command = LoadCommand | EvalCommand | { readonly kind: 'clear' };

type Draft = { -readonly [K in keyof EvalCommand]: EvalCommand[K] } & {
  warnings: TextExpectation[];
  infos: TextExpectation[];
  series: WrittenSeries[];
};

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info|string)(?:\s+(?:(regex|msg):\s*)?(.+))?$/;

export function readScript(text: string): readonly Command[] {
  const lines = text.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()));
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line === '') continue;
    const body: string[] = [];
    while (lines[at + 1 + body.length]) body.push(lines[at + 1 + body.length] as string);
    if (line === 'clear') {
      commands.push({ kind: 'clear' });
      continue;
    }
    commands.push(line.startsWith('load') ? readLoad(line, body) : readEval(line, at + 1, body));
    at += body.length;
  }
  return commands;
}

function readLoad(line: string, body: readonly string[]): LoadCommand {
  const [, suffix, step] = /^load(_with_nhcb)?\s+(\S+)$/.exec(line) ?? fail(`no load command: ${line}`);
  return {
    kind: 'load',
    stepMs: durationMs(step as string),
    withCustomBounds: suffix !== undefined,
    series: body.map(seriesOf),
  };
}

function readEval(line: string, lineNumber: number, body: readonly string[]): EvalCommand {
  const draft = draftOf(line, lineNumber);
  for (const text of body) {
    if (/^expect(\s|$)/.test(text)) readExpectation(text, draft);
    else if (text.startsWith('expected_fail_message')) draft.failure = exactly(text.slice(21).trim());
    else if (text.startsWith('expected_fail_regexp')) draft.failure = matching(text.slice(20).trim());
    else if (isNumber(text)) draft.scalar = numberOf(text);
    else draft.series.push(seriesOf(text));
  }
  return draft;
}

function draftOf(line: string, lineNumber: number): Draft {
  const range = RANGE.exec(line);
  const instant = INSTANT.exec(line);
  const mode = range?.[1] ?? instant?.[1];
  const times =
    range === null
      ? { startMs: durationMs(instant?.[2] ?? '0') }
      : {
          startMs: durationMs(range[2] as string),
          endMs: durationMs(range[3] as string),
          stepMs: durationMs(range[4] as string),
        };
  return {
    kind: 'eval',
    line: lineNumber,
    expression: range?.[5] ?? instant?.[3] ?? fail(`no eval command: ${line}`),
    ...times,
    isOrdered: mode === 'ordered',
    ...(mode === 'fail' ? { failure: anything } : {}),
    warnings: mode === 'warn' ? [anything] : [],
    infos: mode === 'info' ? [anything] : [],
    forbidsWarnings: false,
    forbidsInfos: false,
    series: [],
  };
}

function readExpectation(text: string, draft: Draft): void {
  const [, type, match, given] = EXPECT.exec(text) ?? fail(`no expectation: ${text}`);
  const expected =
    match === undefined ? anything : match === 'msg' ? exactly(given as string) : matching(given as string);
  if (type === 'ordered') draft.isOrdered = true;
  else if (type === 'fail') draft.failure = expected;
  else if (type === 'warn') draft.warnings.push(expected);
  else if (type === 'info') draft.infos.push(expected);
  else if (type === 'no_warn') draft.forbidsWarnings = true;
  else if (type === 'no_info') draft.forbidsInfos = true;
  else draft.string = (given as string).slice(1, -1);
}

const anything: TextExpectation = { matches: () => true, source: 'anything' };

function exactly(source: string): TextExpectation {
  return { matches: (text) => text === source, source };
}

function matching(source: string): TextExpectation {
  const pattern = new RegExp(source);
  return { matches: (text) => pattern.test(text), source };
}

function seriesOf(text: string): WrittenSeries {
  return readSeries(text).match(
    (series) => series,
    (problem) => fail(`${problem}: ${text}`),
  );
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

function durationMs(text: string): number {
  if (!/^(-?\d+(ms|[smhdwy])?)+$/.test(text)) fail(`no duration: ${text}`);
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])?/g)) {
    sum += Number(amount) * (UNITS[unit ?? 's'] as number);
  }
  return text.startsWith('-') ? -sum : sum;
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d[\d.]*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|0x[0-9a-f]+|inf|nan)$/i.test(text);
}

function numberOf(text: string): number {
  const bare = text.replace(/^[+-]/, '').toLowerCase();
  // As in Go, a leading zero means octal.
  const octal = /^0[0-7]+$/.test(bare) ? Number.parseInt(bare, 8) : undefined;
  const value = octal ?? (bare === 'inf' ? Number.POSITIVE_INFINITY : bare === 'nan' ? Number.NaN : Number(bare));
  return text.startsWith('-') ? -value : value;
}

function fail(problem: string): never {
  throw new Error(problem);
}

export type { Point };
