// How Prometheus says that an expression is one of its experiments, in the API and of rules alike.

/** @param feature - Of an error of the kind `unsupported`. */
export function notEnabled(feature: string): string {
  return `${feature.replace(/^the function (\w+)$/, 'function "$1"')} is not enabled`;
}
