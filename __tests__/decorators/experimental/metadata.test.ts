// Reflect metadata that other decorators set on a method survive, in either order, and the return type that the compiler notes
// is held against what `catch` is told.
import 'reflect-metadata';
import { ok, okAsync, type Result, ResultAsync } from 'neverthrow';
import { Counted, PerformanceMonitored, Timed } from 'telltale/decorators';
import { recordAnew } from '../recorded.js';

beforeEach(recordAnew);

/** As frameworks do it: on the function. */
function Marked(key: string, value: unknown) {
  return (_target: object, _name: string, descriptor: PropertyDescriptor) => {
    Reflect.defineMetadata(key, value, descriptor.value as object);
  };
}

class Controller {
  @Marked('role', 'admin')
  @Timed('a_seconds')
  @Counted('a_total')
  outside(): void {}

  @Timed('a_seconds')
  @Counted('a_total')
  @Marked('role', 'admin')
  inside(_id: string): number {
    return 1;
  }
}

describe('metadata', () => {
  it.each(['outside', 'inside'] as const)('set %s of the decorator are on the method', (method) => {
    expect(Reflect.getMetadata('role', Controller.prototype[method])).toBe('admin');
  });

  it('of the compiler stay', () => {
    expect(Reflect.getMetadata('design:returntype', Controller.prototype, 'inside')).toBe(Number);
    expect(Reflect.getMetadata('design:paramtypes', Controller.prototype, 'inside')).toEqual([String]);
  });
});

describe('returns', () => {
  const options = { counter: 'b_total', catch: () => 'unexpected' as const };

  it('may be what the compiler noted', () => {
    class Fine {
      @PerformanceMonitored({ ...options, returns: 'ResultAsync' })
      a(): ResultAsync<number, 'unexpected'> {
        return okAsync(1);
      }

      @PerformanceMonitored({ ...options, returns: 'Promise' })
      async b(): Promise<Result<number, 'unexpected'>> {
        return ok(1);
      }

      @PerformanceMonitored({ ...options, returns: 'Result' })
      c(): Result<number, 'unexpected'> {
        return ok(1);
      }
    }
    expect(new Fine().c()).toEqual(ok(1));
  });

  it('is refused where it contradicts that', () => {
    const define = () => {
      class Contradicting {
        // What the compiler would refuse, if it were asked.
        @(PerformanceMonitored({ ...options, returns: 'Result' }) as unknown as MethodDecorator)
        a(): ResultAsync<number, 'unexpected'> {
          return okAsync(1);
        }
      }
      return Contradicting;
    };
    expect(define).toThrow("a is declared to return a ResultAsync: give returns: 'ResultAsync'.");
    expect(ResultAsync.name).toBe('ResultAsync');
  });
});
