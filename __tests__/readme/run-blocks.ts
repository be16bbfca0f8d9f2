// Runs blocks of documentation as a reader would: each is a TypeScript module of its own, compiled with the strict settings
// of the project and run by Node against the built package, under its public name.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, root, runNode, tool } from '../setup/run-command.js';
import { startChild } from '../support/child.js';
import { freePort } from '../support/free-port.js';
import { pollUntil } from '../support/poll.js';
import type { Block } from './blocks.js';

/** What the text says once instead of in every block. */
const PRELUDE = `import { MetricsCollector } from 'telltale';\nconst metrics = new MetricsCollector();\n`;
const MAKES_METRICS = /new MetricsCollector\(|const \{ metrics\b/;
/** Packages that bring no types of their own, which readers may have installed besides. */
const UNTYPED = `declare module 'opossum';\n`;
const PORT = /\b(3000|9464)\b/;
/** For the block that shows how to ask for credentials; the others do not mind. */
const CREDENTIALS = { Authorization: 'Bearer let-me-in' };

/** A folder inside the project, because only there the package knows itself by its name. */
export class BlockFolder {
  readonly #path: string;
  readonly #replacements: Readonly<Record<string, string>>;

  /**
   * @param name - Of the document.
   * @param replacements - What stands in the blocks for what there is here, such as the address of a server.
   */
  constructor(name = 'readme', replacements: Readonly<Record<string, string>> = {}) {
    this.#path = join(root, '.cache', `${name}-${process.pid}`);
    this.#replacements = replacements;
  }

  /** Writes and compiles the blocks; answers what the compiler has to say. */
  async compile(blocks: readonly Block[]): Promise<string> {
    mkdirSync(this.#path, { recursive: true });
    const compilerOptions = { rootDir: '.', outDir: 'out', noEmitOnError: true };
    const settings = { extends: '../../tsconfig.base.json', compilerOptions, include: ['*.mts', '*.d.ts'] };
    writeFileSync(join(this.#path, 'untyped.d.ts'), UNTYPED);
    writeFileSync(join(this.#path, 'tsconfig.json'), JSON.stringify(settings));
    for (const block of blocks) {
      const code = Object.entries(this.#replacements).reduce((all, [from, to]) => all.replaceAll(from, to), block.code);
      writeFileSync(join(this.#path, `line-${block.line}.mts`), await runnable({ ...block, code }));
    }
    return (await runNode(tool('typescript-7.0/bin/tsc'), ['-p', this.#path, '--pretty', 'false'])).output;
  }

  /** Runs a block that ends by itself, in this folder. */
  run(block: Block, args: readonly string[] = []): Promise<CommandResult> {
    return runNode(this.moduleOf(block), args, this.#path);
  }

  /** Runs a block that serves metrics, asks it for them as a scraper does, and ends it. */
  async scrape(block: Block): Promise<Response> {
    if (exportsApp(block)) {
      const script = `const { default: app } = await import(${JSON.stringify(this.moduleOf(block))});
        const answer = await app.request('/metrics'); console.log(answer.status + ' ' + await answer.text());`;
      const { output } = await runNode('--input-type=module', ['--eval', script]);
      return new Response(output.slice(4), { status: Number(output.slice(0, 3)) });
    }
    const port = ports.get(block.line);
    const child = startChild({ path: process.execPath, args: [this.moduleOf(block)] });
    const answer = pollUntil({ what: 'An answer', timeoutMs: 30_000 }, async () => {
      if (child.process.exitCode !== null) return new Response(child.stderr(), { status: 500 });
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: CREDENTIALS });
      return new Response(await response.text(), { status: response.status });
    });
    return answer.finally(() => child.stop());
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** Where the compiled module of a block is. */
  moduleOf({ line }: Block): string {
    return join(this.#path, 'out', `line-${line}.mjs`);
  }
}

/** Whether a block goes on until it is ended. */
export function isServer(block: Block): boolean {
  return PORT.test(block.code) || exportsApp(block);
}

const ports = new Map<number, number>();

async function runnable(block: Block): Promise<string> {
  const lacksMetrics = /\bmetrics\b/.test(block.code) && !MAKES_METRICS.test(block.code);
  const code = lacksMetrics ? PRELUDE + block.code : block.code;
  if (!PORT.test(block.code)) return `${code}\nexport {};\n`;
  const port = await freePort();
  ports.set(block.line, port);
  return `${code.replace(PORT, String(port))}\nexport {};\n`;
}

function exportsApp({ code }: Block): boolean {
  return code.includes('export default app');
}
