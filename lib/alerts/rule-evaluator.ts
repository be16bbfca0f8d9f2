// Evaluates rules as time goes by and tells notifiers: the public face of the evaluation. What a group does at one moment
// stands in `evaluation/`, how rule files are followed in `rules/`.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { AlertError, StorageError } from '../errors.js';
import type { Alert, Notifier } from './alert.js';
import { AlertingEvaluation } from './evaluation/alerting-evaluation.js';
import {
  type EvaluatorSettings,
  evaluatorSettings,
  type RuleEvaluatorOptions,
} from './evaluation/evaluator-options.js';
import { GroupEvaluation, type GroupOutcome } from './evaluation/group-evaluation.js';
import { GroupTurns } from './evaluation/group-turns.js';
import { outgoingAlerts } from './evaluation/outgoing-alerts.js';
import { activeAgainMs, type RememberedAlerts, rememberedAlerts } from './evaluation/remembered-alerts.js';
import { FollowedFile } from './rules/followed-file.js';
import type { RuleGroup } from './rules/rule.js';

/** Data may come only after the start: alerts are remembered for this many evaluations of their group. */
const EVALUATIONS_TO_REMEMBER = 2;
const LONGEST_WAIT_MS = 60_000;

/**
 * Evaluates alerting and recording rules as a Prometheus does, from a query engine in this process.
 *
 * A group is evaluated at multiples of its interval by the clock. Evaluations that were missed are counted and not made up for.
 * Alerts that were active before a restart are known again when the engine's storage has kept `ALERTS_FOR_STATE`.
 *
 * Errors go to `onError`: `rule_failed`, `template_failed`, `invalid_rules`, `rules_unreadable`, and those of the notifiers.
 *
 * @example
 * const opened = await RuleEvaluator.open({ engine, storage, file: 'rules.yml', notifiers: [notifier] });
 * if (opened.isErr()) throw new Error(describe(opened.error));
 * opened.value.start();
 */
export class RuleEvaluator {
  readonly #settings: EvaluatorSettings;
  #groups: readonly GroupTurns[] = [];
  #remembered: RememberedAlerts = new Map();
  #followed: FollowedFile | undefined;
  #exchanging: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #closed: Promise<Result<void, AlertError>> | undefined;

  private constructor(settings: EvaluatorSettings) {
    this.#settings = settings;
  }

  /**
   * Reads the rules and what is remembered of their alerts. Nothing is evaluated before `start`.
   *
   * Errors: `rules_unreadable` and `invalid_rules` for the file. Throws a `MetricDefinitionError` (`invalid_option`) for
   * options that make no sense.
   */
  static open(options: RuleEvaluatorOptions): ResultAsync<RuleEvaluator, AlertError> {
    return new ResultAsync(RuleEvaluator.#open(evaluatorSettings(options)));
  }

  static async #open(settings: EvaluatorSettings): Promise<Result<RuleEvaluator, AlertError>> {
    const evaluator = new RuleEvaluator(settings);
    const { file, onError, onReload, clock, outageToleranceMs, surroundings } = settings;
    let ofFile: readonly RuleGroup[] = [];
    if (file !== undefined) {
      const take = async (groups: readonly RuleGroup[]) => {
        await evaluator.#exchange(groups);
        onReload(groups);
      };
      evaluator.#followed = new FollowedFile(file, { take, onError });
      const read = await evaluator.#followed.read();
      if (read.isErr()) return err(read.error);
      ofFile = read.value;
    }
    const nowMs = clock.now();
    const remembered = await rememberedAlerts(surroundings.engine.queryable, {
      sinceMs: nowMs - outageToleranceMs,
      nowMs,
    });
    if (remembered.isOk()) evaluator.#remembered = remembered.value;
    else onError(remembered.error);
    evaluator.#take(ofFile);
    for (const { evaluation } of evaluator.#groups) evaluator.#remember(evaluation);
    return ok(evaluator);
  }

  /** The groups as they are evaluated, those of code first. */
  get groups(): readonly GroupTurns[] {
    return this.#groups;
  }

  /** The alerts that are pending or fire. */
  get alerts(): readonly Alert[] {
    return this.#groups.flatMap(({ evaluation }) =>
      evaluation.rules.flatMap((rule) => (rule.evaluation instanceof AlertingEvaluation ? rule.evaluation.alerts : [])),
    );
  }

  /** Evaluates from now on, and follows the rule file. Does not keep the process alive. */
  start(): void {
    if (this.#isRunning || this.#closed !== undefined) return;
    this.#isRunning = true;
    this.#followed?.follow();
    this.#schedule();
  }

  /** Evaluates every group whose turn has come by the clock: what `start` does again and again. Never rejects. */
  async evaluateDue(): Promise<void> {
    await this.#exchanging;
    if (this.#closed !== undefined) return;
    const nowMs = this.#settings.clock.now();
    await Promise.all(this.#groups.map((turns) => this.#takeTurn(turns, nowMs)));
  }

  /** Evaluates nothing any more and leaves the file alone; resolves when nothing runs. Notifiers go on, and `start` goes on. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    this.#followed?.unfollow();
    await this.#exchanging;
    await Promise.all(this.#groups.map((turns) => turns.idle()));
  }

  /** Reads the rule file if it has changed. `start` has it done by itself. Never rejects. */
  async reload(): Promise<void> {
    await this.#followed?.check();
  }

  /**
   * Stops evaluating, waits for what runs, and closes the notifiers. Alerts stay as they are: a restart goes on with them.
   *
   * Errors: the first of the notifiers.
   */
  close(): ResultAsync<void, AlertError> {
    this.#closed ??= this.#close();
    return new ResultAsync(this.#closed);
  }

  async #close(): Promise<Result<void, AlertError>> {
    await this.stop();
    await this.#settings.surroundings.storage?.flush?.();
    const closed = await Promise.all(this.#settings.notifiers.map((notifier) => notifier.close()));
    return closed.find((result) => result.isErr()) ?? ok(undefined);
  }

  /** A timer that rings before the turn of a group, as timers may, finds nothing due and is set for what is left. */
  #schedule(): void {
    const nowMs = this.#settings.clock.now();
    const nextMs = Math.min(nowMs + LONGEST_WAIT_MS, ...this.#groups.map((turns) => turns.nextTurnMs(nowMs)));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.evaluateDue();
      if (this.#isRunning) this.#schedule();
    }, nextMs - nowMs).unref();
  }

  async #takeTurn(turns: GroupTurns, nowMs: number): Promise<void> {
    const outcome = await turns.take(nowMs);
    if (outcome === undefined) return;
    for (const failure of outcome.failures) this.#settings.onError(failure);
    if (turns.count === EVALUATIONS_TO_REMEMBER) forget(turns.evaluation);
    this.#tell(outcome, turns.evaluation);
  }

  #tell(outcome: Pick<GroupOutcome, 'alerts'>, { intervalMs, lastEvaluationMs }: GroupEvaluation): void {
    const { surroundings, notifiers, onError } = this.#settings;
    const alerts = outgoingAlerts(outcome, surroundings, { timeMs: lastEvaluationMs, intervalMs });
    if (alerts.length === 0) return;
    for (const notifier of notifiers) void tellOne(notifier, alerts, onError);
  }

  /** Between two evaluations, so that none begins with the old rules and ends with the new ones. */
  async #exchange(ofFile: readonly RuleGroup[]): Promise<void> {
    const exchanged = Promise.all(this.#groups.map((turns) => turns.idle())).then(() => this.#take(ofFile));
    this.#exchanging = exchanged;
    await exchanged;
  }

  /** Puts rules of the file in force, with those of code. What stays the same goes on. */
  #take(ofFile: readonly RuleGroup[]): void {
    const { surroundings, groups, clock } = this.#settings;
    const nowMs = clock.now();
    const left = new Set(this.#groups);
    this.#groups = [...groups, ...ofFile].map((group) => {
      const turns = new GroupTurns(new GroupEvaluation(group, surroundings), nowMs);
      const before = [...left].find(({ evaluation }) => isSame(evaluation.group, group));
      if (before === undefined) return turns;
      left.delete(before);
      turns.adopt(before);
      this.#tellResolved(before.evaluation, turns.evaluation.adopt(before.evaluation, nowMs));
      return turns;
    });
    for (const { evaluation } of left) this.#tellResolved(evaluation, evaluation.end(nowMs));
    if (this.#isRunning) this.#schedule();
  }

  #tellResolved(evaluation: GroupEvaluation, alerts: GroupOutcome['alerts']): void {
    if (alerts.length > 0) this.#tell({ alerts }, evaluation);
  }

  #remember({ rules }: GroupEvaluation): void {
    for (const { rule, evaluation } of rules) {
      if (!(evaluation instanceof AlertingEvaluation) || rule.kind !== 'alerting') continue;
      const forMs = rule.forSeconds * 1000;
      evaluation.remembered = (labels, timeMs) => activeAgainMs(this.#remembered, { labels, timeMs, forMs });
    }
  }
}

function isSame(a: RuleGroup, b: RuleGroup): boolean {
  return a.name === b.name && a.file === b.file;
}

function forget({ rules }: GroupEvaluation): void {
  for (const { evaluation } of rules) if (evaluation instanceof AlertingEvaluation) evaluation.remembered = undefined;
}

async function tellOne(
  notifier: Notifier,
  alerts: readonly Alert[],
  onError: (error: AlertError | StorageError) => void,
): Promise<void> {
  try {
    const told = await notifier.notify(alerts);
    if (told.isErr()) onError(told.error);
  } catch (cause) {
    onError({ kind: 'notify_failed', notifier: notifier.name, target: notifier.name, cause });
  }
}
