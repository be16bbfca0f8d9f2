// A class as a whole: every public method of its own gets the three metrics, told apart by a label `method`.
import type { AnyFunction, CommonOptions, LabelValues, MetricOptions, TimingOptions } from './call.js';
import { isLeftOut, leaveOut } from './identity.js';
import { type MethodDecorator, methodDecorator, misplaced } from './method-decorator.js';
import { monitoredFunction } from './performance-monitored.js';

export interface MonitoredOptions extends Pick<CommonOptions, 'collector'> {
  /** Default: the class's name in snake case and `_seconds`; `user_service_seconds` for `UserService`. */
  readonly timing?: string | TimingOptions;
  /** Default: the same with `_calls_total`. */
  readonly counter?: string | MetricOptions;
  /** Default: the same with `_errors_total`. */
  readonly errorCounter?: string | MetricOptions;
  /** On all metrics, besides `method`. */
  readonly labels?: LabelValues;
}

/** A decorator for classes, of either protocol. */
export type ClassDecorator = <Class extends abstract new (...args: never[]) => unknown>(
  target: Class,
  context?: ClassDecoratorContext,
) => void;

/**
 * Records duration, calls and errors of every public method that a class itself declares, static ones and inherited ones not among
 * them. Methods that start with an underscore count as private. What `PerformanceMonitored` understands, this does.
 *
 * @example
 * @Monitored({ labels: { service: 'user' } })
 * class UserService {
 *   find(id: string): Promise<User> { … }
 *   @Unmonitored ping(): void {}
 * }
 * // user_service_calls_total{method="find",outcome="ok",service="user"} 1
 */
export function Monitored(options: MonitoredOptions = {}): ClassDecorator {
  return (target, context) => {
    if (typeof target !== 'function' || (context !== undefined && context.kind !== 'class'))
      throw misplaced('Monitored', 'what is no class');
    const prototype = target.prototype as object;
    const base = snakeCase(target.name);
    const { labels, collector } = options;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const property = Object.getOwnPropertyDescriptor(prototype, name);
      if (name === 'constructor' || name.startsWith('_') || typeof property?.value !== 'function') continue;
      if (isLeftOut(property.value) || property.configurable === false) continue;
      const metrics = {
        timing: options.timing ?? { name: `${base}_seconds`, description: `Time that calls of ${target.name} took.` },
        counter: options.counter ?? { name: `${base}_calls_total`, description: `Calls of ${target.name}.` },
        errorCounter: options.errorCounter ?? {
          name: `${base}_errors_total`,
          description: `Calls of ${target.name} that failed.`,
        },
        labels: { ...labels, method: name },
        ...(collector === undefined ? {} : { collector }),
      };
      const value = monitoredFunction(property.value as AnyFunction, metrics, { name, returnType: undefined });
      Object.defineProperty(prototype, name, { ...property, value });
    }
  };
}

/** Leaves a method out of what `Monitored` records of its class. */
export const Unmonitored: MethodDecorator = methodDecorator('Unmonitored', ({ method }) => {
  leaveOut(method);
  return method;
});

/** `HTTPServer2` becomes `http_server2`. */
function snakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^a-zA-Z\d_]/g, '_')
    .toLowerCase();
}
