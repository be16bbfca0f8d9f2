// Classes that are one to `instanceof`, although there are two of each where a process imports the package and requires it:
// there the global registry holds metrics of both, and nobody can know which one a metric is of.

interface Kind {
  readonly prototype: object;
}

/** Call it in a static block. Classes derived from this one know their own objects only, as ever. */
export function oneKind(kind: Kind, name: string): void {
  const mark = Symbol.for(`telltale.prom-client.${name}`);
  Object.defineProperty(kind.prototype, mark, { value: true });
  Object.defineProperty(kind, Symbol.hasInstance, {
    value(this: Kind, value: unknown): boolean {
      if (this !== kind) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === 'object' && value !== null && mark in value;
    },
  });
}
