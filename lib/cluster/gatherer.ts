// The heart of the gatherer: asks the workers, waits for those who are alive, and puts all families together. It knows no
// channels; carriers bring it workers and their messages.
import type { MetricsCollector } from '../collector.js';
import type { LiveFamily } from '../instruments/live-family.js';
import type { MetricFamily } from '../model/family.js';
import { Pace } from '../model/pace.js';
import { reportIn } from './check-report.js';
import { Exporter } from './exporter.js';
import type { WorkerEvents, WorkerLink } from './link.js';
import { MergedFamilies } from './merged-families.js';
import type { Report } from './protocol.js';
import { Source } from './source.js';

interface Member {
  readonly link: WorkerLink;
  readonly source: Source;
  /** Whether readings wait for it. */
  isAsked: boolean;
  /** Whether it left a question unanswered for too long. Readings do not wait for it until it answers. */
  isStale: boolean;
  /** Sent something that contradicts itself: nothing more is taken from it. */
  isBroken: boolean;
  question: number;
  askedAt: number;
  answered: number;
  wake: (() => void) | undefined;
}

export interface GathererOptions {
  readonly metrics: MetricsCollector;
  readonly timeoutSeconds: number;
  readonly maxSeriesPerMetric: number;
}

export class Gatherer implements WorkerEvents {
  readonly #options: GathererOptions;
  readonly #families: MergedFamilies;
  readonly #members = new Map<WorkerLink, Member>();
  readonly #own: Exporter;
  readonly #ownSource: Source;
  #questions = 0;
  #isOwnDue = false;
  /** What has to wait until walks are over, because it would change what is walked over, or until others had their turn. */
  readonly #later: (() => void)[] = [];
  /** How long this turn of the event loop has been, once the first step was taken in it. */
  readonly #turn = new Pace();
  #isTurn = false;
  #walks = 0;
  #lastWalk: Promise<unknown> = Promise.resolve();
  #running: Promise<readonly MetricFamily[]> | undefined;

  constructor(options: GathererOptions) {
    this.#options = options;
    const { metrics, maxSeriesPerMetric } = options;
    const tell = (error: Parameters<MetricsCollector['onError']>[0]) => metrics.onError(error);
    this.#families = new MergedFamilies({ maxSeriesPerMetric, tell });
    this.#ownSource = new Source({ worker: String(process.pid), families: this.#families, copies: false });
    this.#own = new Exporter({ metrics, copies: false, send: (report) => this.#ownSource.take(report) });
  }

  /** How many workers there are, without the gatherer itself. */
  count(): { readonly live: number; readonly stale: number } {
    const stale = [...this.#members.values()].filter(({ isStale, isBroken }) => isStale || isBroken).length;
    return { live: this.#members.size - stale, stale };
  }

  joined(link: WorkerLink): void {
    const { worker, copies } = link;
    this.#members.set(link, {
      link,
      source: new Source({ worker, copies, families: this.#families }),
      isAsked: copies,
      isStale: false,
      isBroken: false,
      question: 0,
      askedAt: 0,
      answered: 0,
      wake: undefined,
    });
  }

  received(link: WorkerLink, message: unknown): void {
    this.#soon(() => {
      const member = this.#members.get(link);
      if (member === undefined || member.isBroken) return;
      const report = reportIn(message);
      if (report !== undefined) this.#take(member, report);
      else this.#tellInvalid(link, 'it is no report, or one beyond all limits');
    });
  }

  left(link: WorkerLink): void {
    this.#soon(() => {
      const member = this.#members.get(link);
      if (member === undefined) return;
      this.#members.delete(link);
      member.wake?.();
      void this.#alone(() => member.source.end(new Pace()));
    });
  }

  /** Series of the gatherer's own came or went. */
  ownChanged(): void {
    if (this.#isOwnDue) return;
    this.#isOwnDue = true;
    setImmediate(() => {
      this.#isOwnDue = false;
      this.#soon(() => {
        this.#own.reportSeries();
        this.#own.acknowledge(Number.POSITIVE_INFINITY);
      });
    }).unref();
  }

  /**
   * Families of all, once those who have something to work out have done so. Readings at the same time share one. Calls
   * `asked` when it is known who answered, for what the gatherer itself has to record of it.
   */
  gather(own: readonly LiveFamily[], asked: () => void): Promise<readonly MetricFamily[]> {
    this.#running ??= this.#gather(own, asked).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #gather(own: readonly LiveFamily[], asked: () => void): Promise<readonly MetricFamily[]> {
    await this.#ask();
    // What was heard until now, and then the end of whoever is gone.
    await this.#alone(() => this.#takeLater());
    asked();
    return this.#alone(async () => {
      await this.#own.answer(0, own);
      this.#own.acknowledge(Number.POSITIVE_INFINITY);
      return this.#families.merge(new Pace());
    });
  }

  /** Asks everybody, and waits for those who have to work something out, but for nobody longer than the time limit. */
  async #ask(): Promise<void> {
    const { timeoutSeconds } = this.#options;
    const waiting = new Map<Member, Promise<void>>();
    for (const member of this.#members.values()) {
      if (member.isBroken) continue;
      if (performance.now() - member.askedAt >= timeoutSeconds * 1000) this.#noteStale(member);
      // One question at a time: those of a worker that hangs would add up.
      if (member.answered === member.question) {
        member.question = ++this.#questions;
        member.askedAt = performance.now();
        member.link.send({ kind: 'ask', question: member.question });
      }
      if (member.isAsked && !member.isStale) {
        waiting.set(member, new Promise((resolve) => (member.wake = resolve)));
      }
    }
    if (waiting.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    // By the timer and not by a clock read anew: timers may ring a moment early.
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        for (const member of waiting.keys()) if (this.#members.has(member.link)) this.#noteStale(member);
        resolve();
      }, timeoutSeconds * 1000);
    });
    await Promise.race([Promise.all(waiting.values()), timeout]);
    clearTimeout(timer);
    for (const member of waiting.keys()) member.wake = undefined;
  }

  /** For a worker whose time is up: stale, if it has not answered. */
  #noteStale(member: Member): void {
    if (member.answered === member.question || member.isStale || member.isBroken) return;
    member.isStale = true;
    const { worker } = member.link;
    const { timeoutSeconds } = this.#options;
    this.#options.metrics.onError({ kind: 'worker_timed_out', worker, timeoutSeconds });
  }

  #take(member: Member, report: Report): void {
    try {
      member.source.take(report);
    } catch (cause) {
      member.isBroken = true;
      member.wake?.();
      return this.#tellInvalid(member.link, `it contradicts what the worker said before: ${(cause as Error).message}`);
    }
    member.isAsked = report.isAsked;
    member.link.send({ kind: 'acknowledge', sequence: report.sequence });
    if (report.answers !== member.question) return;
    member.answered = member.question;
    member.isStale = false;
    member.wake?.();
  }

  #tellInvalid({ worker }: WorkerLink, problem: string): void {
    this.#options.metrics.onError({ kind: 'worker_report_invalid', worker, problem });
  }

  /** At once, unless a walk runs or others have had no turn for too long: many workers may report in the same one. */
  #soon(step: () => void): void {
    if (this.#walks === 0 && this.#later.length === 0 && this.#hasTime()) return step();
    this.#later.push(step);
    if (this.#walks === 0) this.#catchUp();
  }

  #hasTime(): boolean {
    if (!this.#isTurn) {
      this.#isTurn = true;
      this.#turn.resume();
      setImmediate(() => {
        this.#isTurn = false;
      }).unref();
    }
    return !this.#turn.look();
  }

  #catchUp(): void {
    void this.#alone(() => this.#takeLater());
  }

  /** Takes the steps that wait, in their order. */
  async #takeLater(): Promise<void> {
    const pace = new Pace();
    for (const step of this.#later.splice(0)) {
      step();
      if (pace.look()) await pace.pause();
    }
  }

  /** Runs what walks over all series: one after the other, and with nothing changing them meanwhile. */
  #alone<T>(walk: () => Promise<T>): Promise<T> {
    this.#walks++;
    const walked = this.#lastWalk.then(walk).finally(() => {
      this.#walks--;
      if (this.#walks === 0 && this.#later.length > 0) this.#catchUp();
    });
    this.#lastWalk = walked.catch(() => {});
    return walked;
  }
}
