// The public surface of telltale/testing: helpers for users' own tests, kept out of production code.
export {};
