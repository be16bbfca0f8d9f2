// What dependencies get in the place of prom-client. CommonJS alone, as prom-client is: imported and required, it is one module
// with one registry. The version has to be one that dependencies accept, or npm puts the other one back without a word.

module.exports = require('telltale/prom-client');
