// The public surface of telltale/storage: explicit names, no logic.
export {};
