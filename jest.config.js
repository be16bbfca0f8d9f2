// Runs every test through swc as CommonJS, which needs no experimental flag of Node. Tests may import the package by its
// own name: the entry points are mapped to their sources, so that no build is needed for them.
const entryPoints = {
  telltale: 'lib/index.ts',
  'telltale/decorators': 'decorators/index.ts',
  'telltale/storage': 'storage/index.ts',
  'telltale/storage/contract': 'storage/contract/index.ts',
  'telltale/http': 'lib/http/index.ts',
  'telltale/instrumentation': 'lib/instrumentation/index.ts',
  'telltale/exposition': 'lib/exposition/index.ts',
  'telltale/query': 'lib/query/index.ts',
  'telltale/alerts': 'lib/alerts/index.ts',
  'telltale/dashboard': 'lib/dashboard/index.ts',
  'telltale/prom-client': 'lib/interop/prom-client/index.ts',
  'telltale/cluster': 'lib/cluster/index.ts',
  'telltale/opentelemetry': 'lib/interop/opentelemetry/index.ts',
  'telltale/testing': 'lib/testing/index.ts',
};

/** @param {object} decorators Which of the languages' two protocols of decorators to compile to. */
const swc = (decorators) => ({
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: decorators,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
});

const project = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    ...Object.fromEntries(Object.entries(entryPoints).map(([name, file]) => [`^${name}$`, `<rootDir>/${file}`])),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
};

export default {
  // jest leaves one core free unless told otherwise: on a machine with two cores that is half of it.
  maxWorkers: '100%',
  projects: [
    {
      ...project,
      displayName: 'telltale',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['/__tests__/decorators/experimental/'],
      globalSetup: '<rootDir>/__tests__/setup/real-servers.ts',
      transform: {
        'lib/dashboard/page-bundle\\.ts$': '<rootDir>/scripts/page-transform.mjs',
        '\\.ts$': ['@swc/jest', swc({ decoratorVersion: '2022-03' })],
      },
    },
    {
      // What is tested of decorators is tested under both protocols.
      ...project,
      displayName: 'experimentalDecorators',
      testMatch: ['<rootDir>/__tests__/decorators/**/*.test.ts'],
      testPathIgnorePatterns: ['/__tests__/decorators/standard/'],
      transform: { '\\.ts$': ['@swc/jest', swc({ legacyDecorator: true, decoratorMetadata: true })] },
    },
  ],
};
