// Prints `N passed, N failed` from the JSON that jest wrote. Apart from jest's own summary because that one is for people:
// this line has a fixed form. A suite that could not even run counts as a failure, and so does a run without any test.
import { existsSync, readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const result = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0 };

const passed = result.numPassedTests;
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
const skipped = result.numPendingTests + result.numTodoTests;
if (passed + failed === 0) console.error('No test was run: see the messages above.');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
