// The pattern that a router is mounted under. Express 5.3 keeps it, Express 4 keeps the regular expression that it made of it,
// and the versions between keep a function that matches, which has to be asked. Each way has its place here.
import { type PathKey, patternOfRegExp } from './express-4-patterns.js';

/** What is needed of a layer in the stack of a router. */
export interface MountLayer {
  /** Express 5.3 and later. */
  readonly rawPath?: unknown;
  /** Express 4. */
  readonly regexp?: RegExp;
  readonly keys?: readonly PathKey[];
  match?(path: string): unknown;
  readonly path?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export interface Step {
  readonly pattern: string;
  /** How much of the path the layer took. */
  readonly length: number;
}

/** What a layer takes off the beginning of a path, and the pattern of that. Undefined when it does not match. */
export function consume(layer: MountLayer, path: string): Step | undefined {
  const matched = matchOf(layer, path === '' ? '/' : path);
  if (matched === undefined) return undefined;
  const length = matched.path === '/' && path === '' ? 0 : matched.path.replace(/\/$/, '').length;
  return { pattern: withoutSlash(matched.pattern ?? patternOf(layer, path, length)), length };
}

interface Matched {
  readonly path: string;
  readonly pattern: string | undefined;
}

function matchOf(layer: MountLayer, path: string): Matched | undefined {
  const result = layer.match?.(path);
  if (result === false || result === undefined) return undefined;
  // Since 5.3 a match is an object; before, it leaves its findings in the layer.
  const found = (typeof result === 'object' ? result : layer) as {
    readonly path?: unknown;
    readonly pattern?: unknown;
  };
  if (typeof found.path !== 'string') return undefined;
  return { path: found.path, pattern: found.pattern === undefined ? undefined : String(found.pattern) };
}

function patternOf(layer: MountLayer, path: string, length: number): string {
  const taken = path.slice(0, length);
  if (taken === '') return '';
  return layer.regexp === undefined ? patternByAsking(layer, taken) : patternOfRegExp(layer.regexp, layer.keys ?? []);
}

/** No pattern has this in it, and no parameter refuses it. */
const PROBE = 'telltale-probe';

/** Replaces each segment in turn: where the layer still matches, the segment is a parameter, and the layer says its name. */
function patternByAsking(layer: MountLayer, taken: string): string {
  const segments = taken.split('/').slice(1);
  const parameters = paramsAfter(layer, taken);
  return segments
    .map((segment, i) => {
      const asked = `/${segments.with(i, PROBE).join('/')}`;
      if (matchOf(layer, asked)?.path !== asked) return staticPart(segment, parameters);
      const name = paramsAfter(layer, asked).find(([, value]) => [value].flat().includes(PROBE))?.[0];
      return name === undefined ? '/*' : `/:${name}`;
    })
    .join('');
}

function paramsAfter(layer: MountLayer, path: string): readonly (readonly [string, unknown])[] {
  layer.match?.(path);
  return Object.entries(layer.params ?? {});
}

/** Routers take upper case for lower case: clients shall not make series of it. A parameter may be a part of a segment. */
function staticPart(segment: string, parameters: readonly (readonly [string, unknown])[]): string {
  const found = parameters.find(
    ([, value]) => typeof value === 'string' && value !== segment && segment.includes(value),
  );
  if (found === undefined) return `/${segment.toLowerCase()}`;
  const [before = '', ...after] = segment.split(String(found[1]));
  return `/${before.toLowerCase()}:${found[0]}${after.join(String(found[1])).toLowerCase()}`;
}

function withoutSlash(pattern: string): string {
  return pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
}
