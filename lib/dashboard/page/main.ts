// Where the script begins: which API to ask, then the app.
import { App } from './app.js';
import { QueryApi } from './query-api.js';
import { applyTheme, currentTheme } from './theme.js';

applyTheme(currentTheme());
const told = document.querySelector('meta[name="telltale-api"]')?.getAttribute('content') ?? 'api/v1';
const asked = new URLSearchParams(location.search).get('api');
new App(new QueryApi(asked !== null && /^https?:\/\//.test(asked) ? asked : told), document.title).start(document.body);
