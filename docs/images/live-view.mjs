// Draws docs/images/live-view.svg from a shop that is running, with the layout that terminals get:
//   npm start                                  in one terminal, for two minutes
//   node docs/images/live-view.mjs             in another one
// Bars and curves become rectangles, so that the picture does not depend on the fonts of whoever looks at it.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frame } from '../../dist/examples/shop/view/frame.js';

const COLUMNS = 112;
const CELL = { width: 8.4, height: 19 };
const MARGIN = { left: 14, top: 44, bottom: 16 };
const LEVELS = '▁▂▃▄▅▆▇█';
const COLOURS = {
  plain: '#d7e3ec',
  dim: '#7f95a6',
  bold: '#ffffff',
  title: '#5cc8e8',
  calm: '#4fb3d9',
  good: '#63c174',
  warn: '#e0b050',
  bad: '#e8695f',
};

const url = process.argv[2] ?? 'http://127.0.0.1:9464';
const shopUrl = process.argv[3] ?? 'http://127.0.0.1:8080';
const figures = await (await fetch(`${url}/live.json`)).json();
const options = { columns: COLUMNS, rows: 40, metricsUrl: 'http://127.0.0.1:9464', shopUrl, load: 'running' };
const lines = frame(figures, options);

const width = COLUMNS * CELL.width + 2 * MARGIN.left;
const height = MARGIN.top + lines.length * CELL.height + MARGIN.bottom;
const round = (number) => Number(number.toFixed(2));
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function cells(text, style, { x, y }) {
  // Equal neighbours become one rectangle, without a seam between them.
  return [...text.matchAll(/(\S)\1*/g)].map(({ 0: run, 1: character, index }) => {
    const empty = character === '░';
    const most = CELL.height - 5;
    const tall = empty ? most : Math.max(1.5, ((LEVELS.indexOf(character) + 1) / LEVELS.length) * most);
    const at = `x="${round(x + index * CELL.width)}" y="${round(y + 2 - tall)}"`;
    const size = `width="${round(run.length * CELL.width)}" height="${round(tall)}"`;
    return `<rect ${at} ${size} fill="${empty ? '#2b3d4b' : COLOURS[style]}"/>`;
  });
}

function words(text, style, { x, y }) {
  // One element per word, so that a font of another width shifts letters and never columns.
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: word, index }) => {
    const length = round([...word].length * CELL.width);
    const start = round(x + [...text.slice(0, index)].length * CELL.width);
    const bold = style === 'bold' || style === 'title' ? ' font-weight="600"' : '';
    return `<text x="${start}" y="${y}" textLength="${length}" fill="${COLOURS[style]}"${bold}>${escaped(word)}</text>`;
  });
}

function drawLine(line, row) {
  const y = MARGIN.top + (row + 1) * CELL.height - 5;
  let column = 0;
  return line.flatMap(({ text, style }) => {
    const at = { x: MARGIN.left + column * CELL.width, y };
    column += [...text].length;
    const isChart = new RegExp(`[░${LEVELS}]`).test(text);
    return isChart ? cells(text, style, at) : words(text, style, at);
  });
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" role="img" aria-label="The live view of npm start: requests per second, error rate and response times as curves, the database pool and the stock as bars, routes with their quantiles" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13.5" xml:space="preserve">
<rect width="100%" height="100%" rx="10" fill="#16222c"/>
<rect width="100%" height="30" rx="10" fill="#22323f"/><rect y="15" width="100%" height="15" fill="#22323f"/>
<circle cx="20" cy="15" r="5.5" fill="#e8695f"/><circle cx="38" cy="15" r="5.5" fill="#e0b050"/><circle cx="56" cy="15" r="5.5" fill="#63c174"/>
<text x="${round(width / 2)}" y="20" text-anchor="middle" fill="#7f95a6">npm start</text>
${lines.flatMap(drawLine).join('\n')}
</svg>
`;
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'live-view.svg'), svg);
