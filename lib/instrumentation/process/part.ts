// One group of figures about the process that are read together, and so fail together.

export interface Part {
  /** What `read` records; what records by itself, as it happens, is not among them. */
  readonly instruments: readonly { readonly name: string }[];
  read(): void | Promise<void>;
  /** Closes and ends what the part opened and started. */
  readonly stop?: () => void;
}
