// What a text that comes from outside may cost at most. Apart from the parser because users set these, and because whoever
// adds a structure that grows with the input has to find its limit here.

/** Beyond any of these a text is refused, with the place at which it went too far. */
export interface ExpositionLimits {
  /** Of the whole text; 256 MiB by default. */
  readonly maxBytes: number;
  /** Of one line; 1 MiB by default. */
  readonly maxLineBytes: number;
  /** Labels of one sample or exemplar; 128 by default. */
  readonly maxLabels: number;
  /** Families and series of all of them together; a million by default. */
  readonly maxSeries: number;
  /** How many sets of label names one family may have, and how many sets of bounds, quantiles or states; 1000 by default. */
  readonly maxVariants: number;
}

export const DEFAULT_LIMITS: ExpositionLimits = {
  maxBytes: 2 ** 28,
  maxLineBytes: 2 ** 20,
  maxLabels: 128,
  maxSeries: 1_000_000,
  maxVariants: 1000,
};
