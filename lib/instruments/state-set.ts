// StateSet: which of a few named states something is in.
import { Instrument } from './instrument.js';
import type { LabelArguments, Labels } from './labels.js';

/**
 * States of which any number hold at a time, most often one. Each is a series with 0 or 1, under a label that has the
 * metric's own name.
 *
 * @example
 * const state = metrics.stateSet('breaker_state', { states: ['closed', 'open'] });
 * state.set('open');
 * // breaker_state{breaker_state="closed"} 0
 * // breaker_state{breaker_state="open"} 1
 */
export class StateSet<State extends string = string, Name extends string = string> extends Instrument<Name> {
  /** Makes exactly these states hold. A state that was not declared changes nothing and counts as dropped. */
  set(...args: [states: State | readonly State[], ...LabelArguments<Name>]): void;
  set(given: unknown, labels?: Labels): void {
    const { descriptor } = this.family;
    const states = descriptor.type === 'stateset' ? descriptor.states : [];
    const wanted: readonly unknown[] = Array.isArray(given) ? given : [given];
    const unknown = wanted.find((state) => !states.includes(state as string));
    if (unknown !== undefined || wanted.includes(undefined)) {
      const shown =
        typeof unknown === 'string' ? `the state ${unknown.slice(0, 100)}` : `a state of type ${typeof unknown}`;
      return this.family.context.drop('label_mismatch', {
        kind: 'label_mismatch',
        metric: this.name,
        expected: states.join(', '),
        given: shown,
      });
    }
    const location = this.locate(labels);
    if (location === undefined) return;
    const { group, slot } = location;
    const row = group.rowOf(slot);
    states.forEach((state, i) => {
      row[i] = wanted.includes(state) ? 1 : 0;
    });
    this.family.touch(group, slot);
  }

  /** Whether a state holds in one series. */
  has(...args: [state: State, ...LabelArguments<Name>]): boolean;
  has(state: State, labels?: Labels): boolean {
    const { descriptor } = this.family;
    const location = this.peek(labels);
    if (location === undefined || descriptor.type !== 'stateset') return false;
    return location.group.rowOf(location.slot)[descriptor.states.indexOf(state)] === 1;
  }

  override labels<Given extends Name>(labels: Labels<Given>): StateSet<State, Exclude<Name, Given>> {
    return super.labels(labels) as StateSet<State, Exclude<Name, Given>>;
  }

  protected child(fixed: Readonly<Record<string, unknown>>): StateSet {
    return new StateSet(this.family, fixed);
  }
}
