// Every function that Prometheus 3.5 has without a feature flag is there, under the type that it returns.
import { scalarFunctions } from '../../../lib/query/functions/scalar-functions.js';
import { vectorFunctions } from '../../../lib/query/functions/vector-functions.js';
import { functionSignatures } from '../../../lib/query/language/function-signatures.js';

function stable(returns: 'scalar' | 'vector'): string[] {
  const all = [...functionSignatures].filter(([, signature]) => signature.returns === returns);
  return all.filter(([, { isExperimental }]) => isExperimental !== true).map(([name]) => name);
}

describe('vectorFunctions', () => {
  it('has all stable functions that return vectors, and no others', () => {
    expect(Object.keys(vectorFunctions).sort()).toEqual(stable('vector').sort());
  });
});

describe('scalarFunctions', () => {
  it('has all stable functions that return scalars, and no others', () => {
    expect(Object.keys(scalarFunctions).sort()).toEqual(stable('scalar').sort());
  });
});
