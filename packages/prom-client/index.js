// What dependencies get in the place of prom-client. CommonJS alone, as prom-client is: imported and required, it is one module
// with one registry. The version has to be one that dependencies accept, or npm puts the other one back without a word.

// A copy, so that tests can put spies in the place of functions, as they can with prom-client.
module.exports = { ...require('telltale/prom-client') };
