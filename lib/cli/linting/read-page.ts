// Gets a page of metrics from where the command line says: a service, a file or stdin. Whatever it is, it is bounded.
import { createReadStream } from 'node:fs';
import { err, ok, type Result } from 'neverthrow';
import type { MetricFamily } from '../../../storage/index.js';
import { parseExposition } from '../../exposition/index.js';
import { describe } from '../../index.js';
import { describeScrapeError } from '../../watch/scraping/scrape-error.js';
import { Scraper } from '../../watch/scraping/scraper.js';
import { parseTarget } from '../../watch/scraping/target.js';

type Families = readonly MetricFamily[];

const MOST_BYTES = 64 * 1024 * 1024;

/** The error is a sentence. Never rejects. */
export function readPage(source: string, timeoutSeconds: number): Promise<Result<Families, string>> {
  if (source === '-') return readText(process.stdin, 'What came on stdin');
  if (/^https?:\/\//i.test(source)) return readUrl(source, timeoutSeconds);
  return readText(createReadStream(source), source);
}

async function readUrl(url: string, timeoutSeconds: number): Promise<Result<Families, string>> {
  const target = parseTarget(url);
  if (target.isErr()) return err(target.error);
  const scraper = new Scraper(target.value, { timeoutSeconds });
  const families = await scraper.scrape();
  scraper.close();
  return families.mapErr((error) => `${target.value.url.href} gave no page. ${describeScrapeError(error)}`);
}

async function readText(stream: AsyncIterable<Uint8Array>, name: string): Promise<Result<Families, string>> {
  const text = await contentOf(stream, name);
  if (text.isErr()) return err(text.error);
  // Of the two formats in text, only OpenMetrics says where it ends, and it has to.
  const format = /(^|\n)# EOF\s*$/.test(text.value.slice(-100)) ? 'openmetrics' : 'prometheus';
  const snapshot = await parseExposition(text.value, { format });
  return snapshot
    .map(({ families }) => families)
    .mapErr((error) => `${name} is no page of metrics. ${describe(error)}`);
}

async function contentOf(stream: AsyncIterable<Uint8Array>, name: string): Promise<Result<string, string>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of stream) {
      size += piece.byteLength;
      if (size > MOST_BYTES)
        return err(`${name} has more than ${MOST_BYTES} bytes, which is more than a page may have.`);
      pieces.push(piece);
    }
  } catch (thrown) {
    return err(`${name} cannot be read: ${(thrown as Error).message}.`);
  }
  return ok(Buffer.concat(pieces).toString('utf8'));
}
