// `telltale watch`: a monitoring station for any service that exposes metrics. Here are its arguments, what it prints, and how it
// ends; what it does stands in lib/watch.
import { parseArgs } from 'node:util';
import { describe, MetricDefinitionError } from '../index.js';
import { parseInterval } from '../watch/scraping/interval.js';
import { parseTarget, type Target, targetKey } from '../watch/scraping/target.js';
import { openStation, type Station, type StationOptions } from '../watch/station.js';
import { argumentMistake, UsageError } from './usage-error.js';

const HELP = `telltale watch [<job>=]<url> … [options]

Scrapes pages of metrics as Prometheus does, keeps their history, shows it on a page, and answers PromQL about it.

  <url>                 of a page of metrics, as in http://localhost:3000/metrics (user:password@ for basic auth);
                        <job>= in front of it gives the job label, "watch" unless given

  --interval <time>     how often each target is scraped, 15s unless given
  --data <folder>       keeps the history in files, 15 days of it, also over a restart; without, an hour in memory
  --rules <file>        alerting and recording rules as Prometheus has them; read again whenever it changes
  --alertmanager <url>  is told of alerts, which are also printed; may be given several times
  --external-url <url>  where people reach this station, for links in alerts; that on this machine unless given
  --port <number>       of the station's own server, 9464 unless given; 0 takes any that is free
  --host <address>      to listen on, 127.0.0.1 unless given, so that only this machine can ask
  --remote-write <url>  forwards everything to Prometheus or whatever takes its remote write
  --help, -h            this text

It runs until Ctrl-C or SIGTERM, then brings everything to its place and ends; a second one ends it at once.

Exit codes: 0 after Ctrl-C or SIGTERM; 1 when it could not begin, because the port is taken, the folder cannot be
used or the rules are wrong; 2 when this command was not understood; 130 after a second Ctrl-C.`;

const HINT = 'See telltale watch --help.';
const EXTERNAL = '--external-url as in https://metrics.example/station';
const REMOTE_WRITE = '--remote-write as in http://localhost:9090/api/v1/write';
const CANNOT_BEGIN = 1;
const CUT_OFF = 130;

export async function watch(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const asked = endAsked();
  const station = await begun(options);
  if (station === undefined) return CANNOT_BEGIN;
  console.log(greeting(station, options));
  await asked;
  console.log('Ending. Press Ctrl-C once more to end at once.');
  await station.close();
  return 0;
}

async function begun(options: StationOptions): Promise<Station | undefined> {
  try {
    const opened = await openStation(options);
    if (opened.isOk()) return opened.value;
    console.error(`telltale: ${describe(opened.error)}`);
    return undefined;
  } catch (error) {
    if (error instanceof MetricDefinitionError) throw new UsageError(error.message, HINT);
    throw error;
  }
}

/** Resolves with the first request to end; the next one ends the process. */
function endAsked(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const end = () => {
      if (isAsked) process.exit(CUT_OFF);
      isAsked = true;
      resolve();
    };
    process.on('SIGINT', end).on('SIGTERM', end);
  });
}

function greeting({ url }: Station, options: StationOptions): string {
  const { targets, intervalSeconds, directory, remoteWriteUrl, rulesFile } = options;
  const count = targets.length === 1 ? '1 target' : `${targets.length} targets`;
  const kept = directory === undefined ? 'an hour of history in memory' : `history in ${directory}`;
  return [
    `Watching ${count} every ${intervalSeconds} s, ${kept}.`,
    ...targets.map(({ job, url: page }) => `  ${job}  ${page.href}`),
    '',
    `  Dashboard ${url}/dashboard`,
    `  PromQL    ${url}/api/v1/query?query=up`,
    `  Targets   ${url}/api/v1/targets`,
    `  Metrics   ${url}/metrics (of this station)`,
    ...(rulesFile === undefined ? [] : [`  Rules     ${rulesFile}`]),
    ...(remoteWriteUrl === undefined ? [] : [`  Forwards  to ${withoutCredentials(remoteWriteUrl)}`]),
  ].join('\n');
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}

/** Undefined when help is asked for. */
function readOptions(args: readonly string[]): StationOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  if (values.alertmanager.length > 0 && values.rules === undefined) {
    throw new UsageError('Without --rules there are no alerts to tell an Alertmanager of.', HINT);
  }
  const { data, host, rules, alertmanager } = values;
  const { 'remote-write': remoteWriteUrl, 'external-url': externalUrl } = values;
  return {
    targets: targetsOf(positionals),
    intervalSeconds: secondsOf(values.interval),
    host,
    port: portOf(values.port),
    ...(data !== undefined && { directory: data }),
    ...(remoteWriteUrl !== undefined && { remoteWriteUrl: urlOf(remoteWriteUrl, REMOTE_WRITE) }),
    ...(rules !== undefined && { rulesFile: rules }),
    alertmanagerUrls: alertmanager.map((url) => urlOf(url, '--alertmanager as in http://localhost:9093')),
    ...(externalUrl !== undefined && { externalUrl: urlOf(externalUrl, EXTERNAL) }),
    onNews: (sentence) => console.error(`telltale: ${sentence}`),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        interval: { type: 'string', default: '15s' },
        data: { type: 'string' },
        rules: { type: 'string' },
        alertmanager: { type: 'string', multiple: true, default: [] },
        'external-url': { type: 'string' },
        port: { type: 'string', default: '9464' },
        host: { type: 'string', default: '127.0.0.1' },
        'remote-write': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw argumentMistake(error, HINT);
  }
}

function targetsOf(texts: readonly string[]): readonly Target[] {
  if (texts.length === 0) throw new UsageError('Say what to watch, as in http://localhost:3000/metrics.', HINT);
  const targets = new Map<string, Target>();
  for (const text of texts) {
    const target = parseTarget(text);
    if (target.isErr()) throw new UsageError(target.error, HINT);
    const key = targetKey(target.value);
    if (targets.has(key)) {
      const { job, instance } = target.value;
      const problem = `Two targets have the labels {job="${job}",instance="${instance}"}.`;
      throw new UsageError(`${problem} Give one of them another job, as in other=${target.value.url.href}.`, HINT);
    }
    targets.set(key, target.value);
  }
  return [...targets.values()];
}

function urlOf(text: string, form: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`Give ${form}.`, HINT);
}

function secondsOf(text: string): number {
  const seconds = parseInterval(text);
  if (seconds !== undefined) return seconds;
  throw new UsageError('Give --interval as in 15s or 1m, from a second to a day.', HINT);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError('Give --port as a whole number from 0 to 65535.', HINT);
}
