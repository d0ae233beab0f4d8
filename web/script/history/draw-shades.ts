/** Draws incidents and planned times behind the lines of a chart: each kind has its own hatching. */
import type uPlot from 'uplot';
import type { ShadedTime } from '../../history/shaded-times.ts';
import { readColour } from './line-style.ts';

const DISTANCE = 7;

/** @param chosen id of the one that is drawn stronger */
export function drawShades(u: uPlot, shades: readonly ShadedTime[], chosen: string | null): void {
  for (const shade of shades) drawShade(u, shade, shade.id === chosen);
}

function drawShade({ ctx, bbox, valToPos }: uPlot, { kind, from, to }: ShadedTime, isChosen: boolean): void {
  const x = (at: number) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, valToPos(at / 1000, 'x', true)));
  const left = x(from);
  // A short one must still be seen.
  const width = Math.max(3, (to === null ? bbox.left + bbox.width : x(to)) - left);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.fillStyle = readColour(kind === 'incident' ? '--down' : '--unknown');
  ctx.globalAlpha = isChosen ? 0.6 : 0.3;
  ctx.fillRect(left, bbox.top, width, bbox.height);
  ctx.strokeStyle = ctx.fillStyle;
  ctx.globalAlpha = 0.9;
  ctx.lineWidth = isChosen ? 3 : 1;
  const slope = kind === 'incident' ? bbox.height : -bbox.height;
  ctx.beginPath();
  for (let at = left - bbox.height; at < left + width + bbox.height; at += DISTANCE * devicePixelRatio) {
    ctx.moveTo(at, bbox.top + bbox.height);
    ctx.lineTo(at + slope, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}
