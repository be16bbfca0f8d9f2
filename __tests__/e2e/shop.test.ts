// The shop as a real process, in one test file though in two suites: its first start compiles what has changed, which two
// files would do at the same time and in each other's way.
import { describeProcess } from './suites/process.js';
import { describeReaders } from './suites/readers.js';
import { startShop } from './support/shop-process.js';

beforeAll(async () => {
  const shop = startShop('--help');
  if ((await shop.end()) !== 0) throw new Error(`The shop does not start: ${shop.output()}${shop.child.stderr()}`);
}, 300_000);

describeReaders();
describeProcess();
jest.setTimeout(120_000);
