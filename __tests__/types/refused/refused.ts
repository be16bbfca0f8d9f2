// Code that does not compile, for what the compiler says about it.
import { ok, type Result } from 'neverthrow';
import { PerformanceMonitored } from 'telltale/decorators';

export class Refused {
  @PerformanceMonitored({ counter: 'a_total', catch: () => ({ kind: 'x' as const }), returns: 'Result' })
  noResult(): number {
    return 1;
  }

  @PerformanceMonitored({ counter: 'a_total', catch: () => ({ kind: 'x' as const }), returns: 'Result' })
  otherError(): Result<number, { readonly kind: 'y' }> {
    return ok(1);
  }
}
