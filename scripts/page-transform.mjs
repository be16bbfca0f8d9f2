// Gives jest the page where the sources have a place for it, as the build does in `dist`. It stands alone because jest loads a
// transformer as a module of its own.
import { createHash } from 'node:crypto';
import { pageModule } from './page.mjs';

export default {
  process: () => ({ code: pageModule('cjs') }),
  // The page is bundled for the key, too: a tenth of a second, once, and never out of date.
  getCacheKey: () => createHash('sha256').update(pageModule('cjs')).digest('hex'),
};
