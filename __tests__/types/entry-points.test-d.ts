// Every entry point has declarations of its own. What they promise in detail is the matter of the other type tests.
import * as telltale from 'telltale';
import * as alerts from 'telltale/alerts';
import * as dashboard from 'telltale/dashboard';
import * as decorators from 'telltale/decorators';
import * as exposition from 'telltale/exposition';
import * as http from 'telltale/http';
import * as instrumentation from 'telltale/instrumentation';
import * as query from 'telltale/query';
import * as storage from 'telltale/storage';
import * as contract from 'telltale/storage/contract';
import * as testing from 'telltale/testing';

export const entryPoints: readonly object[] = [
  telltale,
  alerts,
  dashboard,
  decorators,
  exposition,
  http,
  instrumentation,
  query,
  storage,
  contract,
  testing,
];

// @ts-expect-error: what is not listed in the package's exports cannot be imported
import('telltale/lib/collector.js');
