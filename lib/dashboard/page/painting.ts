// What a chart paints, lines or a heat map, in slices. Apart from the chart because that is about axes, pointer and keyboard.
import { themeColors } from './theme.js';

export interface PlotLine {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly values: Float64Array;
}

export interface HeatRow {
  readonly lower: number;
  readonly upper: number;
  readonly values: Float64Array;
}

/** Where the steps and values lie, in pixels of the canvas. */
export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

const LINES_PER_SLICE = 8;

export function* paintLines(
  context: CanvasRenderingContext2D,
  lines: readonly PlotLine[],
  geometry: Geometry,
): Generator<void, void, void> {
  context.lineJoin = 'round';
  context.lineWidth = (lines.length > 100 ? 1 : 1.6) * geometry.ratio;
  for (const [index, line] of lines.entries()) {
    paintLine(context, line, geometry);
    if (index % LINES_PER_SLICE === LINES_PER_SLICE - 1) yield;
  }
}

export function paintLine(context: CanvasRenderingContext2D, line: PlotLine, geometry: Geometry): void {
  const { width, height, min, max, count, ratio } = geometry;
  const perStep = width / Math.max(1, count - 1);
  const perUnit = height / (max - min);
  const { values } = line;
  context.strokeStyle = line.color;
  context.beginPath();
  let isDown = false;
  for (let step = 0; step < count; step++) {
    const value = values[step] as number;
    if (!Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const x = step * perStep;
    const y = height - (value - min) * perUnit;
    if (isDown) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      // A value between two gaps would be invisible.
      context.lineTo(x + ratio, y);
    }
    isDown = true;
  }
  context.stroke();
}

export function* paintHeat(
  context: CanvasRenderingContext2D,
  rows: readonly HeatRow[],
  geometry: Geometry,
): Generator<void, void, void> {
  const { width, height, count } = geometry;
  const perStep = width / Math.max(1, count - 1);
  const rowHeight = height / Math.max(1, rows.length);
  const most = mostOf(rows);
  context.fillStyle = themeColors().heat;
  for (const [index, { values }] of rows.entries()) {
    const top = Math.floor(height - (index + 1) * rowHeight);
    const bottom = Math.floor(height - index * rowHeight);
    for (let step = 0; step < count; step++) {
      const value = values[step] as number;
      if (!(value > 0)) continue;
      // The root lets rare observations be seen beside frequent ones.
      context.globalAlpha = 0.1 + 0.9 * Math.sqrt(value / most);
      const left = Math.floor((step - 0.5) * perStep);
      // The next one begins where this ends: overlaps would show as stripes.
      context.fillRect(left, top, Math.floor((step + 0.5) * perStep) - left, bottom - top);
    }
    yield;
  }
  context.globalAlpha = 1;
}

function mostOf(rows: readonly HeatRow[]): number {
  let most = 0;
  for (const { values } of rows) for (const value of values) if (value > most) most = value;
  return most || 1;
}
