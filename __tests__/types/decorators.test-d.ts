// What the compiler says about decorators, under both protocols: where they may go, and what `catch` may make.
import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import {
  CountErrors,
  Counted,
  Monitored,
  monitored,
  PerformanceMonitored,
  Timed,
  TrackInFlight,
  Unmonitored,
} from 'telltale/decorators';

interface Unexpected {
  readonly kind: 'unexpected';
}
type OrderError = Unexpected | { readonly kind: 'no_stock'; readonly product: string };

const unexpected = (): Unexpected => ({ kind: 'unexpected' });
const unrelated = (): { readonly kind: 'unrelated' } => ({ kind: 'unrelated' });

@Monitored({ labels: { service: 'orders' } })
export class Orders {
  @Timed('a_seconds')
  @Counted({ name: 'a_total', labels: { a: 1 } })
  @CountErrors({ name: 'a_errors_total', labels: ({ args, outcome }) => ({ args: args.length, outcome }) })
  @TrackInFlight('a_in_flight')
  plain(a: number, b?: string): string {
    return `${a}${b}`;
  }

  @Counted('b_total')
  static made(this: typeof Orders): Orders {
    return new Orders();
  }

  @Unmonitored
  async generic<T extends object>(value: T): Promise<T> {
    return value;
  }

  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'Result' })
  result(): Result<number, OrderError> {
    return ok(1);
  }

  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'ResultAsync' })
  resultAsync(_id: string): ResultAsync<number, OrderError> {
    return okAsync(1);
  }

  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'Promise' })
  async promise(): Promise<Result<number, OrderError>> {
    return err({ kind: 'no_stock', product: 'x' });
  }

  // @ts-expect-error the method does not return a Result
  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'Result' })
  noResult(): number {
    return 1;
  }

  // @ts-expect-error it returns a ResultAsync, and a bare Result would be handed to who awaits it
  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'Result' })
  wrongShape(): ResultAsync<number, OrderError> {
    return okAsync(1);
  }

  // @ts-expect-error it returns a promise
  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'ResultAsync' })
  async wrongPromise(): Promise<Result<number, OrderError>> {
    return ok(1);
  }

  // @ts-expect-error it returns a promise of no Result
  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected, returns: 'Promise' })
  async plainPromise(): Promise<number> {
    return 1;
  }

  // @ts-expect-error the error is not among those that are declared
  @PerformanceMonitored({ timing: 'c_seconds', catch: unrelated, returns: 'ResultAsync' })
  wrongError(): ResultAsync<number, OrderError> {
    return errAsync({ kind: 'unexpected' });
  }

  // @ts-expect-error catch needs to be told the shape
  @PerformanceMonitored({ timing: 'c_seconds', catch: unexpected })
  noShape(): Result<number, OrderError> {
    return ok(1);
  }
}

// @ts-expect-error a decorator of methods goes on no class
@Timed('d_seconds')
export class Decorated {}

const find = monitored(async (id: string, limit = 1) => `${id}${limit}`, { timing: 'e_seconds', counter: 'e_total' });
const found: Promise<string> = find('a', 2);
// @ts-expect-error the parameters are those of the function
find(1);

const place = monitored((): Result<number, OrderError> => ok(1), { catch: unexpected, returns: 'Result' });
const placed: Result<number, OrderError> = place();
// @ts-expect-error the error is not among those that are declared
monitored((): Result<number, OrderError> => ok(1), { catch: unrelated, returns: 'Result' });

// @ts-expect-error label values are no objects
Counted({ name: 'f_total', labels: { a: {} } });
// @ts-expect-error labels of what is in flight are constant
TrackInFlight({ name: 'f', labels: () => ({}) });

export { found, placed };
