// The public surface of telltale/http: explicit names, no logic.
export {};
