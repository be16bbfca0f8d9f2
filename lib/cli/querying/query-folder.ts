// Asks the files in a folder. It serves them to itself for the time of the query, so that they answer in the same form, and with
// the same words, as every server does.
import { err, type Result } from 'neverthrow';
import { startMetricsServer } from '../../http/index.js';
import { describe, MetricsCollector } from '../../index.js';
import { QueryEngine, queryApi } from '../../query/index.js';
import { openStoredHistory } from '../../watch/history/stored-history.js';
import { type Answer, type Question, queryServer } from './query-server.js';

/** The error is a sentence. Never rejects. */
export async function queryFolder(directory: string, question: Question): Promise<Result<Answer, string>> {
  const damages: string[] = [];
  const history = await openStoredHistory(directory, (error) => damages.push(describe(error)));
  if (history.isErr()) return err(history.error);
  const engine = new QueryEngine(history.value, { timeoutSeconds: question.timeoutSeconds });
  const server = await startMetricsServer(new MetricsCollector(), { port: 0, routes: [queryApi(engine)] });
  if (server.isErr()) return err(describe(server.error));
  const answer = await queryServer(server.value.url, question);
  await server.value.close();
  return answer.map(({ data, notes }) => ({ data, notes: [...notes, ...damages] }));
}
