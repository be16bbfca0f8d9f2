// A template that has been read: Go's template language as Prometheus has it in labels and annotations, as a tree.

/** Where something stands in the template, as an index. */
export interface Placed {
  readonly at: number;
}

export type Operand = Placed &
  (
    | { readonly kind: 'dot' }
    | { readonly kind: 'nil' }
    /** Whole numbers are bigints, as Go tells integers from floats. */
    | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean; readonly text: string }
    | { readonly kind: 'variable'; readonly name: string }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  );

/** An operand with the fields that are taken of it, as in `.Labels.job`; it stands where the first of them begins, if not at its own. */
export interface Term extends Placed {
  readonly operand: Operand;
  readonly fields: readonly string[];
  /** As it was written, for errors. */
  readonly text: string;
}

/** A term, or a function or method with its arguments. */
export interface Command extends Placed {
  /** As it was written, for errors. */
  readonly text: string;
  readonly terms: readonly [Term, ...Term[]];
}

export interface Pipeline extends Placed {
  /** `$x :=` declares, `$x =` assigns; a range may declare two. */
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  readonly commands: readonly Command[];
}

export type TemplateNode = Placed &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'action'; readonly pipeline: Pipeline }
    | {
        readonly kind: 'if' | 'with' | 'range';
        readonly pipeline: Pipeline;
        readonly body: readonly TemplateNode[];
        readonly otherwise: readonly TemplateNode[] | undefined;
      }
    | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined }
    | { readonly kind: 'break' | 'continue' }
  );

export interface Template {
  readonly name: string;
  readonly source: string;
  readonly body: readonly TemplateNode[];
  /** Those of `define` and `block`. */
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Thrown while a template is read or expanded; caught at the edge of this folder. */
export class TemplateFailure extends Error {}
