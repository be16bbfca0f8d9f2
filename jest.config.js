// Runs every test through swc as CommonJS, which needs no experimental flag of Node. Tests may import the package by its
// own name: the entry points are mapped to their sources, so that no build is needed for them.
const entryPoints = {
  telltale: 'lib/index.ts',
  'telltale/storage': 'storage/index.ts',
  'telltale/storage/contract': 'storage/contract/index.ts',
  'telltale/http': 'lib/http/index.ts',
  'telltale/exposition': 'lib/exposition/index.ts',
  'telltale/testing': 'lib/testing/index.ts',
};

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { decoratorVersion: '2022-03' },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

export default {
  // jest leaves one core free unless told otherwise: on a machine with two cores that is half of it.
  maxWorkers: '100%',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  globalSetup: '<rootDir>/__tests__/setup/real-servers.ts',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    ...Object.fromEntries(Object.entries(entryPoints).map(([name, file]) => [`^${name}$`, `<rootDir>/${file}`])),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
};
