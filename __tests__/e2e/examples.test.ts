// The examples as real processes, in one test file though in several suites: the first start compiles what has changed, which
// two files would do at the same time and in each other's way.
import { describeCluster } from './suites/cluster.js';
import { describeMigration } from './suites/migration.js';
import { describeProcess } from './suites/process.js';
import { describeReaders } from './suites/readers.js';
import { startShop } from './support/shop-process.js';

beforeAll(async () => {
  const shop = startShop('--help');
  if ((await shop.end()) !== 0) throw new Error(`The shop does not start: ${shop.output()}${shop.child.stderr()}`);
}, 300_000);

describeCluster();
describeMigration();
describeReaders();
describeProcess();
jest.setTimeout(120_000);
