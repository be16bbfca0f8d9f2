// A chart: uPlot gives axes, pointer and zoom; what is shown is painted beside it, in slices, into a picture that replaces the old
// one when it is complete. That is why a thousand series cost no frame.
import uPlot from 'uplot';
import type { StepWindow } from '../panels/series-table.js';
import type { Unit } from '../panels/units.js';
import { bucketAxis, timeAxis, valueAxis } from './axes.js';
import { dropWork, enqueue } from './frame-queue.js';
import { type Geometry, type HeatRow, type PlotLine, paintHeat, paintLine, paintLines } from './painting.js';

export type Content =
  | { readonly kind: 'lines'; readonly lines: readonly PlotLine[] }
  | { readonly kind: 'heat'; readonly rows: readonly HeatRow[] };

export interface ChartOptions {
  readonly unit: Unit;
  readonly isHeat: boolean;
  readonly height: number;
  /** The step under the pointer, and the line nearest to it; undefined when it leaves. */
  onPoint(
    at: { readonly step: number; readonly left: number; readonly key?: string; readonly row?: number } | undefined,
  ): void;
  onZoom(startS: number, endS: number): void;
}

export class Chart {
  readonly #options: ChartOptions;
  readonly #plot: uPlot;
  #window: StepWindow = { endS: 1, stepS: 1, count: 2 };
  #content: Content = { kind: 'lines', lines: [] };
  #yRange: readonly [number, number] = [0, 1];
  #picture: HTMLCanvasElement | undefined;
  #highlit: string | undefined;
  #isTouched = false;

  constructor(parent: HTMLElement, options: ChartOptions) {
    this.#options = options;
    this.#plot = new uPlot(this.#plotOptions(parent), this.#frame(), parent);
    this.#plot.over.addEventListener('pointerenter', ({ pointerType }) => {
      this.#isTouched = pointerType !== 'mouse';
    });
  }

  get root(): HTMLElement {
    return this.#plot.root;
  }

  get step(): number | undefined {
    return this.#plot.cursor.idx ?? undefined;
  }

  show(window: StepWindow, content: Content): void {
    enqueue(this, this.#paint(window, content));
  }

  resize(width: number): void {
    if (width <= 0 || Math.abs(width - this.#plot.width) < 1) return;
    this.#plot.setSize({ width, height: this.#options.height });
    this.repaint();
  }

  /** After the theme or the size changed. */
  repaint(): void {
    this.show(this.#window, this.#content);
  }

  highlight(key: string | undefined): void {
    if (key === this.#highlit) return;
    this.#highlit = key;
    this.#plot.redraw(false, false);
  }

  /** Moves the pointer's line to a step, as the arrow keys do. */
  pointAt(step: number): void {
    const index = Math.min(this.#window.count - 1, Math.max(0, step));
    const left = this.#plot.valToPos(this.#startS + index * this.#window.stepS, 'x');
    this.#plot.setCursor({ left, top: this.#plot.over.clientHeight / 2 });
  }

  /** As if the pointer left. */
  leave(): void {
    this.#plot.setCursor({ left: -10, top: -10 });
  }

  destroy(): void {
    dropWork(this);
    this.#plot.destroy();
  }

  get #startS(): number {
    return this.#window.endS - (this.#window.count - 1) * this.#window.stepS;
  }

  /** Paints what is new beside what is shown, and shows it at once with its axes when it is complete. */
  *#paint(window: StepWindow, content: Content): Generator<void, void, void> {
    const yRange =
      content.kind === 'lines'
        ? rangeOf(content.lines, this.#options.unit)
        : ([0, Math.max(1, content.rows.length)] as const);
    this.#window = window;
    this.#content = content;
    this.#yRange = yRange;
    const picture = document.createElement('canvas');
    const geometry = this.#geometry();
    picture.width = Math.max(1, geometry.width);
    picture.height = Math.max(1, geometry.height);
    const context = picture.getContext('2d') as CanvasRenderingContext2D;
    yield* content.kind === 'lines'
      ? paintLines(context, content.lines, geometry)
      : paintHeat(context, content.rows, geometry);
    this.#picture = picture;
    this.#plot.setData(this.#frame());
    // The axis of values takes as much room as its labels, so the first picture of new labels does not fit exactly.
    if (Math.abs(this.#plot.bbox.width - picture.width) >= 1) this.repaint();
  }

  #geometry(): Geometry {
    const { width, height } = this.#plot.bbox;
    const [min, max] = this.#yRange;
    return { width, height, ratio: devicePixelRatio, min, max, count: this.#window.count };
  }

  // uPlot needs a series to have axes for; it is never drawn.
  #frame(): uPlot.AlignedData {
    const { count, stepS } = this.#window;
    const times = Array.from({ length: count }, (_, step) => this.#startS + step * stepS);
    return [times, times.map((_, step) => this.#yRange[step & 1] as number)];
  }

  #plotOptions(parent: HTMLElement): uPlot.Options {
    const { unit, isHeat, height } = this.#options;
    const rows = () => (this.#content.kind === 'heat' ? this.#content.rows : []);
    return {
      width: Math.max(200, parent.clientWidth),
      height,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        // A finger leaves as soon as it is lifted: what it showed stays until the chart loses the focus.
        bind: { mouseleave: (_, __, leave) => (event) => (this.#isTouched ? null : leave(event)) },
      },
      scales: {
        x: { time: true, range: (_, min, max) => [min, max] },
        y: { range: () => [this.#yRange[0], this.#yRange[1]] },
      },
      series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
      axes: [timeAxis(), isHeat ? bucketAxis(rows, unit) : valueAxis(unit)],
      hooks: {
        draw: [() => this.#draw()],
        setCursor: [() => this.#point()],
        setSelect: [() => this.#zoom()],
      },
    };
  }

  #draw(): void {
    const { ctx, bbox } = this.#plot;
    if (this.#picture !== undefined) ctx.drawImage(this.#picture, bbox.left, bbox.top, bbox.width, bbox.height);
    if (this.#highlit === undefined || this.#content.kind !== 'lines') return;
    const line = this.#content.lines.find(({ key }) => key === this.#highlit);
    if (line === undefined) return;
    ctx.save();
    ctx.translate(bbox.left, bbox.top);
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.lineJoin = 'round';
    paintLine(ctx, line, this.#geometry());
    ctx.restore();
  }

  #point(): void {
    const { idx, left = -1, top = -1 } = this.#plot.cursor;
    if (idx === null || idx === undefined || left < 0) {
      this.#options.onPoint(undefined);
      return;
    }
    const height = this.#plot.over.clientHeight;
    const value = this.#plot.posToVal(Math.min(height, Math.max(0, top)), 'y');
    const key = this.#content.kind === 'lines' ? nearestLine(this.#content.lines, idx, value)?.key : undefined;
    const row = this.#content.kind === 'heat' ? Math.floor(value) : undefined;
    this.#options.onPoint({
      step: idx,
      left,
      ...(key === undefined ? {} : { key }),
      ...(row === undefined ? {} : { row }),
    });
  }

  #zoom(): void {
    const { left, width } = this.#plot.select;
    if (width < 8) return;
    const [startS, endS] = [this.#plot.posToVal(left, 'x'), this.#plot.posToVal(left + width, 'x')];
    this.#plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onZoom(startS, endS);
  }
}

function nearestLine(lines: readonly PlotLine[], step: number, value: number): PlotLine | undefined {
  let nearest: PlotLine | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const distance = Math.abs((line.values[step] as number) - value);
    if (distance < least) [least, nearest] = [distance, line];
  }
  return nearest;
}

/** Everything that is shown, with zero where it is not a moment, and a little room above. */
function rangeOf(lines: readonly PlotLine[], unit: Unit): readonly [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of lines) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) return [0, 1];
  if (unit === 'timestamp') return min === max ? [min - 1, max + 1] : [min, max];
  if (min === 0 && max === 0) return [0, 1];
  return [Math.min(0, min * 1.08), Math.max(0, max * 1.08)];
}
