// How often recordings look for an active span. Looking takes several times as long as recording, so that a family which
// is recorded all the time looks for a while and then pauses; one exemplar a second is still found.
import { type Clock, systemClock } from '../clock.js';

/** How many recordings of a family look in a row. */
const LOOKS = 128;
/** How long a family pauses after them: 6400 looks a second at most, less than a thousandth of the processor's time. */
const PAUSE_MS = 20;

/** What looks for spans. */
interface Looking {
  lookAgain(looks: number): void;
}

/** Automatic exemplars of one collector: their interval, and the looks of its families. */
export class SpanLooks {
  /** At most one automatic exemplar per bucket in so many milliseconds. */
  readonly minIntervalMs: number;
  /** What a family has to begin with, and after every pause. */
  readonly looks = LOOKS;
  /** Whether there are pauses. With any clock but the system's all recordings look, so that tests which move it are exact. */
  readonly pauses: boolean;
  #paused: Looking[] = [];

  constructor(clock: Clock, minIntervalSeconds: number) {
    this.minIntervalMs = minIntervalSeconds * 1000;
    this.pauses = clock === systemClock;
  }

  /** Has a family that has used up its looks wait for more. The timer is only set then, and keeps no process alive. */
  pause(family: Looking): void {
    if (this.#paused.length === 0) setTimeout(() => this.#resume(), PAUSE_MS).unref();
    this.#paused.push(family);
  }

  #resume(): void {
    for (const family of this.#paused.splice(0)) family.lookAgain(LOOKS);
  }
}
