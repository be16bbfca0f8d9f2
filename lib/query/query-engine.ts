// The engine's edge: texts and times in, answers and errors as values out. What may go wrong inside comes here as an exception
// and leaves as a QueryError; how queries wait for each other is decided here too.
import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { QueryError } from '../errors.js';
import type { Queryable } from '../model/storage.js';
import {
  type EngineSettings,
  engineSettings,
  type InstantOptions,
  MS_PER_SECOND,
  momentMs,
  problemOf,
  type QueryEngineOptions,
  type RangeOptions,
} from './engine-options.js';
import { Annotations } from './evaluation/annotations.js';
import { instantAnswer, rangeAnswer } from './evaluation/answers.js';
import { QueryFailure } from './evaluation/query-failure.js';
import { QueryRun } from './evaluation/query-run.js';
import { QuerySlots } from './evaluation/query-slots.js';
import { unlessGivenUp } from './evaluation/unless-given-up.js';
import { type JoinedPart, JoinedQueryables } from './joined-queryables.js';
import { type Expression, typeOf } from './language/expression.js';
import { parseExpression } from './language/parse-expression.js';
import type { QueryResult, QueryValue } from './values/query-result.js';
import type { Steps } from './values/steps.js';

/** A query that has been read, with when it is asked for. */
interface Question {
  readonly text: string;
  readonly expression: Expression;
  /** Left out for an instant query. */
  readonly steps?: Steps;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Answers PromQL from a storage in this process, as Prometheus 3.5 answers it: the same expressions give the same values, the
 * same errors and the same warnings. It is not a server; it has no rules and no alerts.
 *
 * A query has no thread of its own. It lets others have their turn every 2 ms, so recording and serving go on, and stops soon
 * after its time is up or its signal aborted.
 *
 * Errors, by kind: `parse_error` and `type_mismatch` for texts that are no query, with the place; `unsupported` for what
 * Prometheus has behind feature flags; `evaluation_failed` where the data does not allow it; `select_failed` with the storage's
 * error; `limit_exceeded` (`maxSamples`, the steps, the length and the depth of what is asked); `timed_out`; `cancelled`.
 *
 * Cost: it copies nothing but what it computes. A series of a range query costs 9 bytes and some nanoseconds a step for each
 * operation on it; `sum(rate(x[5m]))` keeps one series at a time.
 *
 * @example
 * const engine = new QueryEngine(storage);
 * const answer = await engine.instant('sum by (status) (rate(http_requests_total[5m]))');
 * if (answer.isOk() && answer.value.type === 'vector') console.log(answer.value.samples);
 * // [ { labels: { status: '200' }, value: 12.4 }, { labels: { status: '500' }, value: 0.1 } ]
 */
export class QueryEngine {
  /** Where its samples come from. */
  readonly queryable: Queryable;
  readonly #settings: EngineSettings;
  readonly #slots: QuerySlots;

  /** @param queryable - Whom to ask; of several, none may have a series that another one has. */
  constructor(queryable: Queryable | readonly Queryable[], options: QueryEngineOptions = {}) {
    this.queryable = isOne(queryable) ? queryable : new JoinedQueryables(queryable.map(withoutLabels));
    this.#settings = engineSettings(options);
    this.#slots = new QuerySlots(this.#settings.maxConcurrent);
  }

  /**
   * Evaluates an expression at one moment. The answer has the expression's own type; a vector comes sorted by labels unless the
   * expression sorts it itself.
   *
   * @example
   * await engine.instant('up == 0', { time: new Date('2026-01-01T12:00:00Z') });
   */
  instant(text: string, options: InstantOptions = {}): ResultAsync<QueryResult, QueryError> {
    const timeMs = options.time === undefined ? this.#settings.clock.now() : momentMs(options.time);
    if (!Number.isFinite(timeMs)) return refused('the time of the query is no moment');
    const problem = problemOf(text, options);
    if (problem !== undefined) return refused(problem);
    const question = parseExpression(text).map((expression) => ({
      text,
      expression,
      startMs: timeMs,
      endMs: timeMs,
    }));
    return this.#answered(question, options);
  }

  /**
   * Evaluates an expression at every step from `start` to `end`. The answer is a matrix, sorted by labels, whatever the
   * expression; an expression of type matrix or string is a `type_mismatch`.
   *
   * @example
   * await engine.range('rate(orders_total[5m])', { start: new Date(Date.now() - 3_600_000), end: new Date(), step: 15 });
   */
  range(text: string, options: RangeOptions): ResultAsync<QueryResult, QueryError> {
    const [startMs, endMs] = [momentMs(options.start), momentMs(options.end)];
    const stepMs = Math.round(options.step * MS_PER_SECOND);
    if (!Number.isFinite(startMs + endMs)) return refused('the start or the end of the query is no moment');
    if (!Number.isFinite(stepMs)) return refused('the step of the query is no number of seconds');
    if (stepMs < 1) return refused('the step of the query is less than a millisecond');
    if (endMs < startMs) return refused('end timestamp must not be before start time');
    const problem = problemOf(text, options);
    if (problem !== undefined) return refused(problem);
    const steps = { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
    const question = parseExpression(text)
      .andThen((expression) => ofRangeType(text, expression))
      .map((expression) => ({ text, expression, steps, startMs, endMs }));
    return this.#answered(question, options);
  }

  #answered(
    question: Result<Question, QueryError>,
    options: InstantOptions | RangeOptions,
  ): ResultAsync<QueryResult, QueryError> {
    if (question.isErr()) return errAsync(question.error);
    const answer = settled(this.#inTurn(question.value, options));
    return new ResultAsync(
      unlessGivenUp(answer, { signal: options.signal, timeoutSeconds: this.#timeoutSeconds(options) }),
    );
  }

  async #inTurn(question: Question, options: InstantOptions | RangeOptions): Promise<QueryResult> {
    const run = this.#runOf(question, options);
    await this.#slots.enter(options.signal);
    try {
      await run.pause();
      const { expression, steps } = question;
      const value: QueryValue =
        steps === undefined ? await instantAnswer(expression, run) : await rangeAnswer(expression, run, steps);
      return { ...value, ...run.annotations.notes() };
    } finally {
      this.#slots.leave();
    }
  }

  #timeoutSeconds(options: InstantOptions | RangeOptions): number {
    return Math.min(this.#settings.timeoutSeconds, options.timeoutSeconds ?? Number.POSITIVE_INFINITY);
  }

  #runOf({ text, startMs, endMs }: Question, options: InstantOptions | RangeOptions): QueryRun {
    const { clock, lookbackMs } = this.#settings;
    const { lookbackSeconds = lookbackMs / MS_PER_SECOND, signal } = options;
    const timeoutSeconds = this.#timeoutSeconds(options);
    return new QueryRun({
      settings: {
        ...this.#settings,
        queryable: this.queryable,
        timeoutSeconds,
        lookbackMs: Math.round(lookbackSeconds * MS_PER_SECOND),
      },
      startMs,
      endMs,
      annotations: new Annotations(text),
      signal,
      deadline: clock.monotonic() + timeoutSeconds,
    });
  }
}

function refused(problem: string): ResultAsync<never, QueryError> {
  return errAsync({ kind: 'evaluation_failed', problem });
}

function ofRangeType(text: string, expression: Expression): Result<Expression, QueryError> {
  const type = typeOf(expression);
  if (type === 'vector' || type === 'scalar') return ok(expression);
  const before = text.slice(0, expression.position.start);
  const name = type === 'matrix' ? 'range vector' : type;
  return err({
    kind: 'type_mismatch',
    line: before.split('\n').length,
    column: before.length - before.lastIndexOf('\n'),
    problem: `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
  });
}

function settled<T>(work: Promise<T>): Promise<Result<T, QueryError>> {
  return work.then<Result<T, QueryError>, Result<T, QueryError>>(ok, (thrown) => err(errorOf(thrown)));
}

/** What is no failure of the query is one of the engine or the storage; callers are answered all the same. */
function errorOf(thrown: unknown): QueryError {
  if (thrown instanceof QueryFailure) return thrown.error;
  const problem = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: 'evaluation_failed', problem: `unexpected error: ${problem}` };
}

function isOne(queryable: Queryable | readonly Queryable[]): queryable is Queryable {
  return !Array.isArray(queryable);
}

function withoutLabels(queryable: Queryable): JoinedPart {
  return { queryable, labels: {} };
}
