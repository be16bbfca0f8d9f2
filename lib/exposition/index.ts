// The public surface of telltale/exposition: explicit names, no logic.
export {};
