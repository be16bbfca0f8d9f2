// The public surface of the package: explicit names, no logic, so that what users may rely on is one short page.
export {};
