// `npm run build`: the package as ES modules and as CommonJS. A failed build leaves what was in `dist` untouched.
// `--if-stale` skips the work when nothing changed, which is what the tests of the package ask for.
import { compilePackage } from './compile.mjs';

const force = !process.argv.includes('--if-stale');
if (!(await compilePackage({ force }))) {
  console.error('The build failed: see the errors above. Nothing in dist was changed.');
  process.exitCode = 1;
}
