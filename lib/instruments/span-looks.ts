// How often recordings look for an active span. Looking takes several times as long as recording, so that a family which
// is recorded all the time looks for a while and then pauses; one exemplar a second is still found.
import { type Clock, systemClock } from '../clock.js';

/** How many recordings of a family look in a row. */
const LOOKS = 1024;
/** How long a family pauses after them: 20 000 looks a second at most, a thousandth of the processor's time. */
const PAUSE_MS = 50;

/** What looks for spans. */
interface Looking {
  looks: number;
  lookAgain(looks: number): void;
}

/** Automatic exemplars of one collector: their interval, and the looks of its families. */
export class SpanLooks {
  /** At most one automatic exemplar per bucket in so many milliseconds. */
  readonly minIntervalMs: number;
  /** What a family has to begin with, and after every pause. */
  readonly looks = LOOKS;
  readonly #pauses: boolean;
  #paused: Looking[] = [];

  /** With any clock but the system's, all recordings look, so that tests which move it are exact. */
  constructor(clock: Clock, minIntervalSeconds: number) {
    this.minIntervalMs = minIntervalSeconds * 1000;
    this.#pauses = clock === systemClock;
  }

  /** Takes one look from a family. The timer for more is set only where they are used up, and keeps no process alive. */
  spend(family: Looking): void {
    if (!this.#pauses) return;
    family.looks -= 1;
    if (family.looks > 0) return;
    if (this.#paused.length === 0) setTimeout(() => this.#resume(), PAUSE_MS).unref();
    this.#paused.push(family);
  }

  #resume(): void {
    for (const family of this.#paused.splice(0)) family.lookAgain(LOOKS);
  }
}
